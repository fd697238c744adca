"""What the staff's screens share: acts on record, read-only rows, and asking before acting."""

import hashlib
import re
from operator import attrgetter
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime

from questions.models import GENEVA, AuditEntry, Edition
from questions.operations import audit, search_index

from .site import staff_site

OF_ALL = re.compile(r"q([1-9]\d{0,3})", re.IGNORECASE | re.ASCII)
OF_ONE = re.compile(r"([a-z]{3})-([1-9]\d{0,3})", re.IGNORECASE | re.ASCII)
NUMBERED = re.compile(r"([rf])([1-9]\d{0,3})", re.IGNORECASE | re.ASCII)
VERSION = re.compile(r"\.v\d+\b", re.IGNORECASE | re.ASCII)
MOST_SHOWN = 200  # acts on one page of history


class AuditedHistory:
    """The history of a row is the record of who did what to it, for who may read that."""

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        may = request.user.has_perm("questions.view_auditentry")
        if obj is None or not may or not self.has_view_or_change_permission(request, obj):
            return super().history_view(request, object_id, extra_context)
        name = self.audit_subject(obj)
        entries = AuditEntry.objects.about(name)
        return page(
            self,
            request,
            "admin/history.html",
            f"History of {name}",
            obj,
            entries=entries[:MOST_SHOWN],
            name=name,
            count=entries.count(),
            back=reverse(admin_urlname(self.opts, "change"), args=[obj.pk]),
        )

    def audit_subject(self, obj):
        """A symbol, or kind and number: names of persons stay out of the chain."""
        return getattr(obj, "symbol", None) or f"{self.opts.verbose_name} {obj.pk}"


class RecordedAdmin(AuditedHistory, admin.ModelAdmin):
    """A screen whose changes leave an audit entry with the record's old and new fingerprint.

    Related rows named in `part_of_record` belong to the record.
    """

    part_of_record = []

    def save_model(self, request, obj, form, change):
        form.fingerprint_before = self.fingerprint(obj) if change else ""
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        before, after = form.fingerprint_before, self.fingerprint(form.instance)
        if before != after:
            changed = form.changed_data + [f.prefix for f in formsets if f.has_changed()]
            self.record(
                request,
                form.instance,
                "changed" if change else "added",
                before=before,
                after=after,
                changed=changed,
            )

    def delete_model(self, request, obj):
        before, pk = self.fingerprint(obj), obj.pk
        super().delete_model(request, obj)
        obj.pk = pk
        self.record(request, obj, "deleted", before=before, after="")

    def record(self, request, obj, verb, **details):
        audit.record(
            f"{self.opts.model_name}.{verb}",
            self.audit_subject(obj),
            by=request.user,
            at=request.received_at,
            **details,
        )

    def fingerprint(self, obj):
        """Keyed, so that what it stands for cannot be guessed once personal data is erased."""
        stored = self.model._default_manager.select_for_update(no_key=True).get(pk=obj.pk)
        rows = [stored]
        for name in self.part_of_record:
            rows += getattr(stored, name).order_by("pk")
        facts = serializers.serialize("json", rows)
        return salted_hmac("portal.record", facts, algorithm="sha256").hexdigest()


class PublicRecordAdmin(RecordedAdmin):
    """A screen of facts that public pages show: each change makes the next edition."""

    def record(self, request, obj, verb, **details):
        search_index.refresh_what_shows(obj)
        super().record(request, obj, verb, **details)
        Edition.objects.bump(at=request.received_at)


class ReadOnlyAdmin(AuditedHistory, admin.ModelAdmin):
    """Rows that are looked at only."""

    def audit_subject(self, obj):
        return audit.subject_of(obj)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def found(model_admin, request, pk, *, allowed):
    """The object of a page of its own; refused with 403 before anything is looked up."""
    if not allowed:
        raise PermissionDenied
    return get_object_or_404(model_admin.get_queryset(request), pk=pk)


def wanted(request, model, pk, right):
    """The row of a model that a page is about, as `found` gives it, for who has the right."""
    allowed = request.user.has_perm(f"questions.{right}")
    return found(staff_site.get_model_admin(model), request, pk, allowed=allowed)


def fingerprint(*facts):
    """Of what a page shows, so that what is confirmed is what was seen."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def page(model_admin, request, template, title, obj=None, **context):
    """A page of our own inside the staff's site."""
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(
        request,
        template,
        {
            **model_admin.admin_site.each_context(request),
            "title": title,
            "opts": model_admin.opts,
            "original": obj,
            "is_popup": IS_POPUP_VAR in request.GET,
            **context,
        },
    )


def by_symbol(queryset, typed, to_question=""):
    """The rows of the question that a symbol in what was typed names, and the words left of it."""
    words = []
    for word in VERSION.sub("", typed).replace("/", " ").split():
        if of_all := OF_ALL.fullmatch(word):
            named = {"state": None, "number": of_all[1]}
        elif own := OF_ONE.fullmatch(word):
            named = {"state__iso3": own[1].upper(), "number": own[2]}
        else:
            words.append(word)
            continue
        queryset = queryset.filter(**{to_question + name: value for name, value in named.items()})
    return queryset, " ".join(words)


def by_number(queryset, typed, columns):
    """The rows that parts of a symbol such as R2 and F1 name, and the words left of it.

    `columns` says which column has the number behind a letter.
    """
    words = []
    for word in typed.replace("/", " ").split():
        part = NUMBERED.fullmatch(word)
        if part and (column := columns.get(part[1].upper())):
            queryset = queryset.filter(**{column: part[2]})
        else:
            words.append(word)
    return queryset, " ".join(words)


def excerpt_of(text):
    """Its first words; of a text in Chinese, which has no spaces, its first characters."""
    return Truncator(Truncator(text).words(12)).chars(90)


def who_withdrew(withdrawal):
    """A sentence for staff, before what was withdrawn is public again."""
    when, ground = date_format(withdrawal.corrected_on), withdrawal.get_ground_display()
    return f"{withdrawal.entered_by} withdrew it on {when}. {ground}: {withdrawal.reason}"


def moment(instant):
    """In New York and Geneva time, as public pages write it."""
    if instant is None:
        return "–"
    return render_to_string("admin/includes/moment.html", {"moment": instant})


def deadline(instant, zone):
    """The end of its day, with the last minute in Geneva."""
    if instant is None:
        return "–"
    return render_to_string("admin/includes/deadline.html", {"due_at": instant, "zone": zone})


def moment_field(path, description):
    """A read-only field of a moment that lies at `path` from the object."""
    return admin.display(description=description)(lambda self, obj: moment(attrgetter(path)(obj)))


def moment_column(path, description):
    """A column of a list: short, in Geneva time, where the office is."""

    def column(self, obj):
        instant = attrgetter(path)(obj)
        if instant is None:
            return None
        return f"{date_format(localtime(instant, ZoneInfo(GENEVA)), 'j M Y, H:i')} Geneva"

    return admin.display(description=description, ordering=path.replace(".", "__"))(column)
