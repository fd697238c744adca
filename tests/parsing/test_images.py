import pytest

from questions.parsing.images import MAX_BYTES, ImageFacts, ImageRefused, read_image
from tests.parsing.image_files import chunk, jpeg, png
from tests.stopwatch import within

ANOTHER = "Choose a PNG or a JPEG image."
DAMAGED = "The image is damaged, or more than an image."
TOO_WIDE = "The image may have up to 4,000 pixels a side."


def test_whole_png_and_jpeg_files_are_read():
    assert read_image(png(width=300, height=80)) == ImageFacts("image/png", 300, 80)
    assert read_image(jpeg(width=300, height=80)) == ImageFacts("image/jpeg", 300, 80)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", ANOTHER),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ANOTHER),
        (b"GIF89a\x01\x00\x01\x00", ANOTHER),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", ANOTHER),
        (b"<html>" + png(), ANOTHER),
        (b"\x89PNG\r\n\x1a\n", DAMAGED),
        (png()[:-1], DAMAGED),
        (png()[:40], DAMAGED),
        (png() + b"<script>alert(1)</script>", DAMAGED),
        (png(chunks=[chunk(b"IEND", b"")]), DAMAGED),
        (png(chunks=[chunk(b"IDAT", b"x", checksum=1), chunk(b"IEND", b"")]), DAMAGED),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"12345678") + chunk(b"IEND", b""), DAMAGED),
        (jpeg(end=b""), DAMAGED),
        (jpeg()[:30], DAMAGED),
        (jpeg() + b"<?php", DAMAGED),
        (b"\xff\xd8\xff\xd9", DAMAGED),
        (b"\xff\xd8\xff\xe0<html>", DAMAGED),
        (png(width=4001, height=1), TOO_WIDE),
        (png(width=0), TOO_WIDE),
        (jpeg(width=60_000), TOO_WIDE),
        (png() + b" " * MAX_BYTES, "The image is larger than 1 MB."),
    ],
)
def test_req_055_anything_else_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(ImageRefused) as refusal:
        read_image(content)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "filling", [b"\xff\x00", b"\xff\xd0", b"\xff\xff", b"\xff\x01", b"\xff\xe0\x00\x02"]
)
def test_a_hostile_file_takes_time_in_proportion(filling):
    content = jpeg(scan=filling * (900_000 // len(filling)), end=b"")

    with within(2), pytest.raises(ImageRefused):
        read_image(content)
