"""Switchroom: an embeddable routing library for contact centers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from switchroom.aio import AsyncContactCenter
    from switchroom.carrying import Carrier
    from switchroom.center import ContactCenter
    from switchroom.clock import Clock, ManualClock, SystemClock
    from switchroom.consent.keywords import KeywordPolicy
    from switchroom.consent.model import ConsentRules, ContactWindow, DoNotContact
    from switchroom.conversations.classification import Category, Classifier
    from switchroom.conversations.flow_model import (
        Ask,
        Classify,
        CloseConversation,
        CreateWork,
        Flow,
        Jump,
        RouteTo,
        Say,
        Tag,
    )
    from switchroom.conversations.model import CannedResponse, Contact, Line
    from switchroom.conversations.quality_model import EvaluationForm, Question
    from switchroom.conversations.screen import ScreenPop
    from switchroom.dead_inputs import DeadInput
    from switchroom.kernel.records import Record
    from switchroom.messaging.addresses import Address
    from switchroom.messaging.channels import Channel
    from switchroom.outbound.list_model import Column, ContactList
    from switchroom.outbound.model import Campaign, MessageTemplate, SendingLimits
    from switchroom.outbound.notice_model import Notice, NoticeTrigger, Notification
    from switchroom.outbound.recurrence import Every
    from switchroom.reporting.front import LogReports
    from switchroom.reporting.ledger import Ledger
    from switchroom.reporting.page import html_report
    from switchroom.reporting.where import Where
    from switchroom.routing.escalation_model import (
        AddPriority,
        AddRequirement,
        Alert,
        CallBack,
        CallFunction,
        CancelWith,
        Escalation,
        MoveTo,
        ParkIn,
        Reclassify,
        SetPriority,
        SetRequirement,
        TimeOut,
    )
    from switchroom.routing.estimate_error import EstimateError, estimate_error
    from switchroom.routing.estimates import Estimate
    from switchroom.routing.explain_values import Candidate, Condition, Decision, WhyNot
    from switchroom.routing.hours import OpeningHours
    from switchroom.routing.intake_model import Intake, IntakeRule
    from switchroom.routing.lint import Finding, lint
    from switchroom.routing.model import Agent, Expiring, Membership, Preferred, Presence, Step, Team, WorkItem
    from switchroom.routing.preview import Preview
    from switchroom.routing.queue_model import AfterCallWork, Queue, QueueMessages, Ring, ServiceLevel
    from switchroom.routing.requirements import Requirement
    from switchroom.routing.skill_matcher import Match, SkillMatcher
    from switchroom.routing.steps import Branch, CheckHours, Consult, SetVariables, Wait
    from switchroom.routing.utilization import MediumLimit, Utilization
    from switchroom.routing.views import AgentView, AssignmentView, ItemView, OfferView, QueueView
    from switchroom.security.audit import AuditReport, verify_audit
    from switchroom.security.gate import AccessRequest
    from switchroom.security.principals import Principal
    from switchroom.simulation.backtest import BackTest
    from switchroom.simulation.multiskill import Multiskill
    from switchroom.simulation.simulation import Simulation
    from switchroom.simulation.times import Times
    from switchroom.storage.memory import MemoryStorage
    from switchroom.storage.postgres import PostgresStorage
    from switchroom.storage.sqlite import SqliteStorage
    from switchroom.transport.capture import CapturePoint
    from switchroom.transport.webhook_sink import WebhookSink
    from switchroom.workitems.attributes import Attribute
    from switchroom.workitems.model import Automatic, Calendar, Status, TimeRule, Workbin, Worktype
    from switchroom.workitems.sla_model import Curve, Sla, SlaRule
    from switchroom.workitems.source_model import Distribution, Source, SourceRule
    from switchroom.workitems.sources import MemorySink, SourceSink
    from switchroom.workitems.trigger_model import WorkTrigger
    from switchroom.workitems.views import WorkView
    from switchroom.workscreen import WorkScreen

_HOMES = {
    "AccessRequest": "security.gate",
    "AddPriority": "routing.escalation_model",
    "AddRequirement": "routing.escalation_model",
    "Address": "messaging.addresses",
    "AfterCallWork": "routing.queue_model",
    "Agent": "routing.model",
    "AgentView": "routing.views",
    "Alert": "routing.escalation_model",
    "Ask": "conversations.flow_model",
    "AssignmentView": "routing.views",
    "AsyncContactCenter": "aio",
    "Attribute": "workitems.attributes",
    "AuditReport": "security.audit",
    "Automatic": "workitems.model",
    "BackTest": "simulation.backtest",
    "Branch": "routing.steps",
    "Calendar": "workitems.model",
    "CallBack": "routing.escalation_model",
    "CallFunction": "routing.escalation_model",
    "Campaign": "outbound.model",
    "CancelWith": "routing.escalation_model",
    "Candidate": "routing.explain_values",
    "CannedResponse": "conversations.model",
    "CapturePoint": "transport.capture",
    "Carrier": "carrying",
    "Category": "conversations.classification",
    "Channel": "messaging.channels",
    "CheckHours": "routing.steps",
    "Classifier": "conversations.classification",
    "Classify": "conversations.flow_model",
    "Clock": "clock",
    "CloseConversation": "conversations.flow_model",
    "Column": "outbound.list_model",
    "Condition": "routing.explain_values",
    "ConsentRules": "consent.model",
    "Consult": "routing.steps",
    "Contact": "conversations.model",
    "ContactCenter": "center",
    "ContactList": "outbound.list_model",
    "ContactWindow": "consent.model",
    "CreateWork": "conversations.flow_model",
    "Curve": "workitems.sla_model",
    "DeadInput": "dead_inputs",
    "Decision": "routing.explain_values",
    "Distribution": "workitems.source_model",
    "DoNotContact": "consent.model",
    "Escalation": "routing.escalation_model",
    "Estimate": "routing.estimates",
    "EstimateError": "routing.estimate_error",
    "EvaluationForm": "conversations.quality_model",
    "Every": "outbound.recurrence",
    "Expiring": "routing.model",
    "Finding": "routing.lint",
    "Flow": "conversations.flow_model",
    "Intake": "routing.intake_model",
    "IntakeRule": "routing.intake_model",
    "ItemView": "routing.views",
    "Jump": "conversations.flow_model",
    "KeywordPolicy": "consent.keywords",
    "Ledger": "reporting.ledger",
    "Line": "conversations.model",
    "LogReports": "reporting.front",
    "ManualClock": "clock",
    "Match": "routing.skill_matcher",
    "MediumLimit": "routing.utilization",
    "Membership": "routing.model",
    "MemorySink": "workitems.sources",
    "MemoryStorage": "storage.memory",
    "MessageTemplate": "outbound.model",
    "MoveTo": "routing.escalation_model",
    "Multiskill": "simulation.multiskill",
    "Notice": "outbound.notice_model",
    "NoticeTrigger": "outbound.notice_model",
    "Notification": "outbound.notice_model",
    "OfferView": "routing.views",
    "OpeningHours": "routing.hours",
    "ParkIn": "routing.escalation_model",
    "PostgresStorage": "storage.postgres",
    "Preferred": "routing.model",
    "Presence": "routing.model",
    "Preview": "routing.preview",
    "Principal": "security.principals",
    "Question": "conversations.quality_model",
    "Queue": "routing.queue_model",
    "QueueMessages": "routing.queue_model",
    "QueueView": "routing.views",
    "Reclassify": "routing.escalation_model",
    "Record": "kernel.records",
    "Requirement": "routing.requirements",
    "Ring": "routing.queue_model",
    "RouteTo": "conversations.flow_model",
    "Say": "conversations.flow_model",
    "ScreenPop": "conversations.screen",
    "SendingLimits": "outbound.model",
    "ServiceLevel": "routing.queue_model",
    "SetPriority": "routing.escalation_model",
    "SetRequirement": "routing.escalation_model",
    "SetVariables": "routing.steps",
    "Simulation": "simulation.simulation",
    "SkillMatcher": "routing.skill_matcher",
    "Sla": "workitems.sla_model",
    "SlaRule": "workitems.sla_model",
    "Source": "workitems.source_model",
    "SourceRule": "workitems.source_model",
    "SourceSink": "workitems.sources",
    "SqliteStorage": "storage.sqlite",
    "Status": "workitems.model",
    "Step": "routing.model",
    "SystemClock": "clock",
    "Tag": "conversations.flow_model",
    "Team": "routing.model",
    "TimeOut": "routing.escalation_model",
    "TimeRule": "workitems.model",
    "Times": "simulation.times",
    "Utilization": "routing.utilization",
    "Wait": "routing.steps",
    "WebhookSink": "transport.webhook_sink",
    "Where": "reporting.where",
    "WhyNot": "routing.explain_values",
    "WorkItem": "routing.model",
    "WorkScreen": "workscreen",
    "WorkTrigger": "workitems.trigger_model",
    "WorkView": "workitems.views",
    "Workbin": "workitems.model",
    "Worktype": "workitems.model",
    "estimate_error": "routing.estimate_error",
    "html_report": "reporting.page",
    "lint": "routing.lint",
    "verify_audit": "security.audit",
}

__all__ = [
    "AccessRequest",
    "AddPriority",
    "AddRequirement",
    "Address",
    "AfterCallWork",
    "Agent",
    "AgentView",
    "Alert",
    "Ask",
    "AssignmentView",
    "AsyncContactCenter",
    "Attribute",
    "AuditReport",
    "Automatic",
    "BackTest",
    "Branch",
    "Calendar",
    "CallBack",
    "CallFunction",
    "Campaign",
    "CancelWith",
    "Candidate",
    "CannedResponse",
    "CapturePoint",
    "Carrier",
    "Category",
    "Channel",
    "CheckHours",
    "Classifier",
    "Classify",
    "Clock",
    "CloseConversation",
    "Column",
    "Condition",
    "ConsentRules",
    "Consult",
    "Contact",
    "ContactCenter",
    "ContactList",
    "ContactWindow",
    "CreateWork",
    "Curve",
    "DeadInput",
    "Decision",
    "Distribution",
    "DoNotContact",
    "Escalation",
    "Estimate",
    "EstimateError",
    "EvaluationForm",
    "Every",
    "Expiring",
    "Finding",
    "Flow",
    "Intake",
    "IntakeRule",
    "ItemView",
    "Jump",
    "KeywordPolicy",
    "Ledger",
    "Line",
    "LogReports",
    "ManualClock",
    "Match",
    "MediumLimit",
    "Membership",
    "MemorySink",
    "MemoryStorage",
    "MessageTemplate",
    "MoveTo",
    "Multiskill",
    "Notice",
    "NoticeTrigger",
    "Notification",
    "OfferView",
    "OpeningHours",
    "ParkIn",
    "PostgresStorage",
    "Preferred",
    "Presence",
    "Preview",
    "Principal",
    "Question",
    "Queue",
    "QueueMessages",
    "QueueView",
    "Reclassify",
    "Record",
    "Requirement",
    "Ring",
    "RouteTo",
    "Say",
    "ScreenPop",
    "SendingLimits",
    "ServiceLevel",
    "SetPriority",
    "SetRequirement",
    "SetVariables",
    "Simulation",
    "SkillMatcher",
    "Sla",
    "SlaRule",
    "Source",
    "SourceRule",
    "SourceSink",
    "SqliteStorage",
    "Status",
    "Step",
    "SystemClock",
    "Tag",
    "Team",
    "TimeOut",
    "TimeRule",
    "Times",
    "Utilization",
    "Wait",
    "WebhookSink",
    "Where",
    "WhyNot",
    "WorkItem",
    "WorkScreen",
    "WorkTrigger",
    "WorkView",
    "Workbin",
    "Worktype",
    "estimate_error",
    "html_report",
    "lint",
    "verify_audit",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
