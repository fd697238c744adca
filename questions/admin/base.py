"""What the staff's screens share: acts on record, read-only rows, and asking before acting."""

import hashlib
from operator import attrgetter
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.core import serializers
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.timezone import localtime

from questions.models import GENEVA, Edition
from questions.operations import audit, search_index

from .site import staff_site


class RecordedAdmin(admin.ModelAdmin):
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

    def audit_subject(self, obj):
        """A symbol, or kind and number: names of persons stay out of the chain."""
        return getattr(obj, "symbol", None) or f"{self.opts.verbose_name} {obj.pk}"

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


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that are looked at only."""

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
