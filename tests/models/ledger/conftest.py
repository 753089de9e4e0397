"""The rulebook that the ledger's tests are judged by, where they don't name another."""

import pytest


@pytest.fixture
def rulebook() -> str:
    return "nightlife"
