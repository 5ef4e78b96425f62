"""The pages of inquiries: what departments see, and what the reform office does."""

from inquiries.views.department import event_file, file, inquiry_list, recipient
from inquiries.views.office import create, detail, reminders

__all__ = ["create", "detail", "event_file", "file", "inquiry_list", "recipient", "reminders"]
