"""Sets our documents as PDF: a program of its own, with little memory and time and no network.

It reads one JSON order from its standard input: which .typ file of ours, and for each document
the data that it prints. It writes one JSON line for each document, so that who started it knows
which one a limit ended. It imports nothing of the portal.
"""

import base64
import json
import resource
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAX_MEMORY = 512 * 1024 * 1024  # bytes of address space
MAX_OPEN_FILES = 32
NOT_DISPLAYED = "could not be displayed"


def limit_everything() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))


def allow_one_document(seconds: int) -> None:
    """The processor time of the next document; when it is used up the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def set_document(files: dict[str, bytes], fonts: "typst.Fonts", timestamp: int) -> bytes:
    """One PDF, by the rules of PDF/UA-1 unless a character is in no font of ours."""
    try:
        return compile_files(files, fonts, pdf_standards="ua-1", timestamp=timestamp)
    except typst.TypstError as error:
        if NOT_DISPLAYED not in str(error):
            raise
    return compile_files(files, fonts, timestamp=timestamp)


def compile_files(files: dict[str, bytes], fonts: "typst.Fonts", **options: object) -> bytes:
    """Of files in memory alone; a compiler of such files compiles once."""
    nowhere = HERE / "fonts"  # no package, and no file that a document may read
    compiler = typst.Compiler(
        files,
        root=nowhere,
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    return compiler.compile(format="pdf", **options)


def main() -> None:
    order = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]
    )
    files = {
        f"{name}.json": json.dumps(list(base64.b64decode(image))).encode()  # typst takes text only
        for name, image in order["images"].items()
    }
    files["main.typ"] = (HERE / order["template"]).read_bytes()
    for data in order["documents"]:
        allow_one_document(order["seconds"])
        files["data.json"] = json.dumps(data).encode()
        try:
            result = {"pdf": base64.b64encode(set_document(files, fonts, order["at"])).decode()}
        except typst.TypstError as error:
            result = {"error": str(error)}
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    limit_everything()
    import typst  # under the limits too

    main()
