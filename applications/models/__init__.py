"""The rows of the applications app."""

from applications.models.application import Application
from applications.models.application_people import ApplicationPeople
from applications.models.application_section import ApplicationSection
from applications.models.asked_mail import AskedMail
from applications.models.attachment import Attachment
from applications.models.budget_line import BudgetLine
from applications.models.collaborator import Collaborator
from applications.models.comment import Comment
from applications.models.consent import Consent
from applications.models.consent_question import ConsentQuestion
from applications.models.daily_overview import DailyOverview
from applications.models.deadline_reminder import DeadlineReminder, MutedReminder
from applications.models.declaration_signature import DeclarationSignature
from applications.models.draft_copy import DraftCopy
from applications.models.earlier_version import EarlierVersion
from applications.models.frozen_content import FrozenContent, SealedApplication
from applications.models.handover import Handover
from applications.models.lead_offer import LeadOffer
from applications.models.nudge import Nudge
from applications.models.one_time_link import OneTimeLink
from applications.models.reading_access import ReadingAccess
from applications.models.receipt import Receipt
from applications.models.section_goal import SectionGoal
from applications.models.signature_copy import SignatureCopy
from applications.models.steerer import Steerer
from applications.models.task import Task
from applications.models.writer import Writer

__all__ = [
    "Application",
    "ApplicationPeople",
    "ApplicationSection",
    "AskedMail",
    "Attachment",
    "BudgetLine",
    "Collaborator",
    "Comment",
    "Consent",
    "ConsentQuestion",
    "DailyOverview",
    "DeadlineReminder",
    "DeclarationSignature",
    "DraftCopy",
    "EarlierVersion",
    "FrozenContent",
    "Handover",
    "LeadOffer",
    "MutedReminder",
    "Nudge",
    "OneTimeLink",
    "ReadingAccess",
    "Receipt",
    "SealedApplication",
    "SectionGoal",
    "SignatureCopy",
    "Steerer",
    "Task",
    "Writer",
]
