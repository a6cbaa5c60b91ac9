"""How the checks read a text: its marks and sentences, numbers, units, drugs and claims. Nothing is judged here."""
