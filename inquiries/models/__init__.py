"""照会: what the reform office asks, what departments answer, and what goes on around it."""

from inquiries.models.following_up import Extension, Message, Reminder
from inquiries.models.inquiry import AnswerEvent, Inquiry, Recipient

__all__ = ["AnswerEvent", "Extension", "Inquiry", "Message", "Recipient", "Reminder"]
