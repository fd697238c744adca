"""The paper of a letter: who writes, from where, logo and signature as staff uploaded them."""

from dataclasses import dataclass

from questions.models import Letterhead

MAX_IMAGE = 1_000_000  # bytes

_PNG_OR_JPEG = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class UnreadableImage(Exception):
    """The image is too large, or neither PNG nor JPEG; an SVG may load what lies elsewhere."""


@dataclass(frozen=True)
class LetterPaper:
    """What stands around the words of a letter. Images are PNG or JPEG, or empty."""

    organisation: str
    address: tuple[str, ...] = ()
    logo: bytes = b""
    signature: bytes = b""

    @classmethod
    def of(cls, letterhead: Letterhead) -> "LetterPaper":
        """The paper with what staff entered."""
        return cls(
            organisation=letterhead.signatory_organisation,
            address=tuple(filter(None, map(str.strip, letterhead.address.splitlines()))),
            logo=bytes(letterhead.logo or b""),
            signature=bytes(letterhead.signature or b""),
        )

    def images(self) -> dict[str, bytes]:
        """The images by what they are, "logo" and "signature". Raises UnreadableImage."""
        images = {"logo": self.logo, "signature": self.signature}
        images = {name: image for name, image in images.items() if image}
        for image in images.values():
            if not image.startswith(_PNG_OR_JPEG) or len(image) > MAX_IMAGE:
                raise UnreadableImage
        return images
