"""`{% load ui %}`: every component under one name; each noun has its module in `yitong.ui.components`."""

from django.template import Library

from yitong.ui.components import clocks, fields, frames, proofs, tables, words

register = Library()
for noun in (words, frames, fields, tables, clocks, proofs):
    register.tags.update(noun.register.tags)
    register.filters.update(noun.register.filters)
