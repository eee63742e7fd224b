"""Whom a permission is asked for: somebody with an account, or a visitor."""

from django.contrib.auth.models import AnonymousUser

from hubportal.accounts.models import User

Person = User | AnonymousUser
