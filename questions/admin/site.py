"""The staff's site."""

from django.contrib.admin import AdminSite


class StaffSite(AdminSite):
    """Django's own admin under the portal's name."""

    site_header = "ISHR · Questions to Candidates"
    site_title = "Questions to Candidates"
    index_title = "Staff"
    site_url = "/en/"


staff_site = StaffSite(name="admin")
