"""A mission's own files, as it sent them or keeps them beside its draft."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from questions.documents.downloads import original_download
from questions.models import Reply
from questions.operations.attachments import original_of

from .entry import reply_grant_required


@require_safe
@reply_grant_required
def attachment(request: HttpRequest, reply: Reply, pk: int) -> HttpResponse:
    """Its original, for its own State's missions only (security.md 15, 58)."""
    file = get_object_or_404(reply.candidacy.attachments.all(), pk=pk)
    return original_download(file, original_of(file))
