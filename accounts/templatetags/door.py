"""`{% csrf_token %}` with the word of accounts.door.opened beside it: so no form can lack it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.door.opened import FIELD, word_for

register = template.Library()


class FormTokensNode(CsrfTokenNode):
    def render(self, context: Context) -> SafeString:
        token = super().render(context)
        request: Any = getattr(context, "request", None) or context.get("request")
        word = word_for(request) if token and request is not None else ""
        if not word:
            return SafeString(token)
        return format_html('{}<input type="hidden" name="{}" value="{}">', SafeString(token), FIELD, word)


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormTokensNode:
    return FormTokensNode()
