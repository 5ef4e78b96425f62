"""The pages of inquiries: what departments see, and what the reform office does."""

from inquiries.views.department import file, inquiry_list, recipient
from inquiries.views.office import create, detail, reminders

__all__ = ["create", "detail", "file", "inquiry_list", "recipient", "reminders"]
