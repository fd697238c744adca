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
    claimed_sizes: dict[int, int] = field(default_factory=dict)

    def flags_of(self, uid):
        return self.flags.setdefault(uid, set())

    def unread(self):
        return [uid for uid in self.messages if "\\Seen" not in self.flags_of(uid)]


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
        elif found := re.match(r"UID FETCH (\d+) \(RFC822\.SIZE\)", command):
            uid = int(found[1])
            size = mailbox.claimed_sizes.get(uid, len(mailbox.messages[uid]))
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {size})")
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]\)", command):
            raw = mailbox.messages[int(found[1])]
            self.say(f"* 1 FETCH (UID {found[1]} BODY[] {{{len(raw)}}}")
            self.wfile.write(raw + b")\r\n")
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
