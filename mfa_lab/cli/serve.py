"""`mfa-lab serve`: the simulated account over HTTP."""

from __future__ import annotations

import errno
import json
import signal
import threading
from datetime import UTC, datetime
from types import FrameType

import click

from mfa_lab.cli.failure import Failure
from mfa_lab.cli.language import language_option
from mfa_lab.cli.localized_help import LocalizedCommand
from mfa_lab.cli.streams import Output, reason_of

_HIGHEST_PORT = 65535


@click.command("serve", cls=LocalizedCommand)
@click.option("--port", default="0", metavar="PORT")
@click.option("--clock", "start", default=None, metavar="TIME")
@language_option
def command(port: str, start: str | None) -> None:
    """Serve an account until SIGINT or SIGTERM, after one JSON line that says where."""
    if not port.isascii() or not port.isdigit() or int(port) > _HIGHEST_PORT:
        raise Failure("bad_port", port=port)
    from mfa_lab.account import Account, Clock, RealClock  # here, since moto takes half a second
    from mfa_lab.account.server import Server

    clock = RealClock() if start is None else Clock(_moment(start))
    ended = threading.Event()

    def end(_: int, __: FrameType | None) -> None:
        ended.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    with Account(clock=clock, seed=None) as account:
        try:
            server = Server(account.answer, int(port))
        except OSError as error:
            code = "port_taken" if error.errno == errno.EADDRINUSE else "port_refused"
            raise Failure(code, port=port, reason=reason_of(error)) from None
        try:
            ready = {
                "endpoint_url": server.endpoint_url,
                "region": account.region,
                "account_id": account.account_id,
                "admin": {
                    "aws_access_key_id": account.admin.access_key_id,
                    "aws_secret_access_key": account.admin.secret_access_key,
                },
            }
            Output().send(json.dumps(ready) + "\n")
            while not ended.wait(0.5):  # on Windows, a wait without an end hears no Ctrl-C
                pass
        finally:
            server.close()


def _moment(spelled: str) -> datetime:
    try:
        moment = datetime.fromisoformat(spelled)
    except ValueError:
        raise Failure("bad_time", given=spelled) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
