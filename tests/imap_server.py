"""As much of an IMAP server as the bounce mailbox needs, over TLS, in the tests' own process."""

import contextlib
import re
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread


@dataclass
class Mailbox:
    """Raw messages by UID, with the flags set on each."""

    messages: dict[int, bytes]
    flags: dict[int, set[str]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def flags_of(self, uid):
        return self.flags.setdefault(uid, set())

    def unread(self):
        known = {*self.messages, *self.flags}
        return sorted(uid for uid in known if "\\Seen" not in self.flags_of(uid))


class Session(StreamRequestHandler):
    def handle(self):
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, command = line.split(" ", 1)
            self.server.mailbox.commands.append(command)
            self.answer(command)
            self.say(f"{tag} OK done")
            if command == "LOGOUT":
                return

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def message(self, uid):
        return self.server.mailbox.messages.get(int(uid), b"")

    def literal(self, uid, raw):
        if self.message(uid):
            self.say(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}")
            self.wfile.write(raw + b")\r\n")

    def answer(self, command):
        mailbox = self.server.mailbox
        if command == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif command == "LOGOUT":
            self.say("* BYE")
        elif command.startswith("SELECT"):
            self.say(f"* {len(mailbox.messages)} EXISTS")
        elif command.startswith("UID SEARCH"):
            self.say(" ".join(["* SEARCH", *map(str, mailbox.unread())]))
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[HEADER", command):
            headers = self.message(found[1]).partition(b"\n\n")[0]
            header = re.findall(rb"(?im)^content-type:.*$", headers)[:1]
            self.literal(found[1], b"\r\n".join([*header, b"", b""]))
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            self.literal(found[1], self.message(found[1])[: int(found[2])])
        elif found := re.match(r"UID STORE (\d+) \+FLAGS \((.*)\)", command):
            mailbox.flags_of(int(found[1])).update(found[2].split())


@contextlib.contextmanager
def imap_server(mailbox, tls):
    """Run one; gives its port."""

    class Server(ThreadingTCPServer):
        daemon_threads = True

        def get_request(self):
            raw, address = super().get_request()
            return tls.wrap_socket(raw, server_side=True), address

        def handle_error(self, request, client_address):
            """A client that does not trust us hangs up; the test sees that at its own end."""

    with Server(("127.0.0.1", 0), Session) as server:
        server.mailbox = mailbox
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
