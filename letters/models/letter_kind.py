"""Kinds of letters."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterKind(models.Model):
    """A kind of letter (soort brief), whole as data: the next kind is a row, and texts of each call.

    Its words are Dutch, as letters are; ``{reference}`` in them is filled in.
    """

    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    # What its reader calls it: the word in its file name, and in the reason of its signature.
    noun = models.CharField(max_length=60)
    subject = models.CharField(_("subject"), max_length=200)
    # What the app that causes such a letter hands over: its texts name nothing else of the case.
    facts = ArrayField(models.CharField(max_length=40), default=list)
    names_objection_term = models.BooleanField(_("names the last day to object"))
    needs_second_person = models.BooleanField(_("released by a second person"))
    # The name of the page on which its addressee finds it; the page takes the reference.
    portal_page = models.CharField(max_length=80)
    mail_subject = models.CharField(max_length=200)
    mail_text = models.TextField()
    copy_subject = models.CharField(max_length=200)
    copy_text = models.TextField()

    class Meta:
        verbose_name = _("kind of letter")
        verbose_name_plural = _("kinds of letters")
        ordering: ClassVar = ["key"]

    def __str__(self) -> str:
        return self.title
