"""A gunicorn as `./run demo` starts it, its CPU and memory, and a client on one connection."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

FLAGS = [
    *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"),
    *("--forwarder-headers", ""),
]


class Server:
    """The started server: `get` asks it, `cpu` and `memory` look at its workers."""

    def __init__(self, process: subprocess.Popen, port: int):
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """Ask on the connection that is kept, so that one worker answers all."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("GET", path, headers={"Accept-Encoding": "gzip"} | headers)
        response = self.connection.getresponse()
        response.read()
        return response

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def cpu(self) -> float:
        """Seconds that the workers' threads have used, to the nanosecond."""
        tasks = [task for pid in self.workers() for task in Path(f"/proc/{pid}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def memory(self) -> float:
        """The resident set of the largest worker, in MB."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.workers()]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def seconds_each(self, path: str, times: int, **headers: str) -> float:
        """CPU of one request, out of many one after another."""
        self.get(path, **headers)
        start = self.cpu()
        for _ in range(times):
            self.get(path, **headers)
        return (self.cpu() - start) / times


@contextmanager
def running(application: str, **environment: str):
    """The server of a WSGI application on a free port; ended afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", application, *FLAGS, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--log-level", "warning"], env=os.environ | environment, process_group=0
    )
    try:
        wait_until_it_answers(process, port)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def wait_until_it_answers(process: subprocess.Popen, port: int) -> None:
    for _ in range(150):
        if process.poll() is not None:
            sys.exit("gunicorn ended by itself; what it printed is above.")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("gunicorn did not start within 15 seconds.")
