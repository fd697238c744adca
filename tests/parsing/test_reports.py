"""Whatever bytes come to the bounce mailbox, they are a report, no report, or refused."""

from hypothesis import example, given
from hypothesis import strategies as st

from questions.parsing.reports import DeliveryReport, ReportRefused, read_delivery_report

PIECES = [
    b"Content-Type: multipart/report; boundary=B\n",
    b'Content-Type: multipart/report; boundary="=?utf-8?q?=ff?="\n',
    b"Content-Type: message/delivery-status\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Type: text/rfc822-headers; charset=no-such\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Action: failed\n",
    b"Action: \xff\xfe\n",
    b"Status: =?no-such?q?=ff?=\n",
    b"Diagnostic-Code: smtp; 550 \x00\xff\r\n\tno\n",
    b"Message-ID: <1@portal.example>\n",
    b"Message-ID: \xff<2@portal.example\n",
    b"References: =?utf-8?b?/////w==?=\n",
    b"--B\n",
    b"--B--\n",
    b"\n",
]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=40).map(b"".join))
@example(
    b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/rfc822\n\n--B--"
)
def test_req_072_no_bytes_raise_anything_else(raw):
    try:
        report = read_delivery_report(raw)
    except ReportRefused:
        return

    assert report is None or isinstance(report, DeliveryReport)
