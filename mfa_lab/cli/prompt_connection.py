"""JupyterLab's connection to a kernel, without the wait that TCP puts between small messages.

After an edit the kernel says several short things before it sends the new table. Nagle's algorithm
holds each back until the browser has acknowledged the one before, and a browser that has nothing
to say takes 40 ms for that: half of the time between a key press and the table.
"""

from __future__ import annotations

import asyncio

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each message of a kernel at once.

    `mfa-lab open` names it to JupyterLab in ServerApp.kernel_websocket_connection_class.
    """

    # The server awaits what this gives; the class above it is declared as a coroutine, this as is.
    def connect(self) -> asyncio.Future[None] | None:  # type: ignore[override]
        """Connect to the kernel, after telling TCP not to collect messages."""
        self.websocket_handler.set_nodelay(True)
        connected: asyncio.Future[None] | None = super().connect()
        return connected
