"""Tables of people, by subject: accounts and what they act as, their declared interests, what they are told, and the
mail that waits for them.
"""

from people.models.accounts import Appointment, AppointmentQuerySet, Invitation, Role, User, UserManager
from people.models.interests import Category, Declaration
from people.models.mail import Message
from people.models.news import Kind, NewsChoice, Notification, NotificationQuerySet, When

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "Category",
    "Declaration",
    "Invitation",
    "Kind",
    "Message",
    "NewsChoice",
    "Notification",
    "NotificationQuerySet",
    "Role",
    "User",
    "UserManager",
    "When",
]
