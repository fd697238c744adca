"""What a person does on a page, and waits for, before they do the next thing."""


def follow(page, selector):
    """Click what leads to a page, and wait until that page is there whole.

    Without the wait, what is asked next may find the page that is being left, or half of the new.
    """
    with page.expect_navigation():
        page.click(selector)
