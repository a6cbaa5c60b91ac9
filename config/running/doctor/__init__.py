"""What is wrong with this installation, in sentences: `manage.py doctor`. Each finding says what to do."""
