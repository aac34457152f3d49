"""boto3 sessions that know nothing of the learner: no variable, no file, no instance role.

A session of boto3 reads the environment and `~/.aws` by itself, and with them the learner's own
credentials, region, endpoints and proxies. These sessions answer every question about their
configuration with botocore's built-in default.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any
from unittest import mock

import boto3
import botocore.session
from botocore.configprovider import (
    BOTOCORE_DEFAUT_SESSION_VARIABLES,
    ChainProvider,
    ConstantProvider,
    InstanceVarProvider,
)
from botocore.credentials import CredentialResolver
from botocore.loaders import Loader
from botocore.tokens import TokenProviderChain

_FILES = frozenset({"config_file", "credentials_file"})
# These the session reads from the section of a profile, which a session without files lacks.
_SECTIONS = ("s3", "proxies_config")
_import_lock = threading.RLock()


@cache
def _loader() -> Loader:
    """Return the loader of AWS's service models: botocore's own, not those in `~/.aws/models`.

    All sessions share it, since it takes a tenth of a second to read a service's model.
    """
    return Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)


def isolated_botocore_session() -> botocore.session.Session:
    """Return a botocore session that reads neither the environment nor a file."""
    session = botocore.session.Session()
    store = session.get_component("config_store")
    for name, (_, _, default, _) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items():
        told = InstanceVarProvider(instance_var=name, session=session)
        constant = ConstantProvider(None if name in _FILES else default)
        store.set_config_provider(name, ChainProvider(providers=[told, constant]))
    for name in _SECTIONS:
        store.set_config_provider(name, ConstantProvider(None))
    # A service's own endpoint may stand in a variable such as AWS_ENDPOINT_URL_IAM.
    store.set_config_provider("ignore_configured_endpoint_urls", ConstantProvider(True))
    session.register_component("data_loader", _loader())
    session.register_component("credential_provider", CredentialResolver(providers=[]))
    session.register_component("token_provider", TokenProviderChain(providers=[]))
    return session


def isolated_session(**settings: Any) -> boto3.Session:
    """Return a boto3 session that reads neither the environment nor a file.

    Args:
        settings: What `boto3.Session` takes, such as credentials and region.
    """
    return boto3.Session(botocore_session=isolated_botocore_session(), **settings)


@contextlib.contextmanager
def isolated_imports() -> Iterator[None]:
    """Replace boto3's sessions by isolated ones while modules are imported.

    moto asks a session of its own for the names of regions; as boto3 makes it, that session
    would read the learner's files.
    """
    with _import_lock, mock.patch("boto3.Session", _IsolatedSession):
        yield


class _IsolatedSession(boto3.Session):  # type: ignore[misc]  # boto3 carries no types
    """A session of boto3 that is isolated unless it is told what to build on."""

    def __init__(self, **settings: Any) -> None:
        settings.setdefault("botocore_session", isolated_botocore_session())
        super().__init__(**settings)
