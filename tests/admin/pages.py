"""Reading the staff's pages in tests."""

from django.urls import reverse


def change_page(row):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])


def fields_of(page):
    """What a browser would post of a page with an admin form, before anybody types."""
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    typed = {}
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, list):
                typed[field.html_name] = [getattr(item, "pk", item) for item in value]
            elif value is not None and value is not False:
                typed[field.html_name] = value
    return typed


def errors_of(page):
    """{field: [sentence, …]} of an admin form and its inlines."""
    found = dict(page.context["adminform"].form.errors)
    for inline in page.context["inline_admin_formsets"]:
        for errors in inline.formset.errors:
            found |= errors
    return {name: list(sentences) for name, sentences in found.items()}


def messages_of(page):
    return [str(message) for message in page.context["messages"]]


def act(client, action, responses, **more):
    """What the list of responses posts when an action is chosen for these rows."""
    chosen = {"action": action, "_selected_action": [r.pk for r in responses], "index": 0}
    return client.post("/admin/questions/response/", chosen | more, follow=True)
