"""Words that somebody typed, in a mail to somebody else."""

from django.template import Library

from hubportal.kernel.names import without_links

register = Library()
register.filter("without_links", without_links)
