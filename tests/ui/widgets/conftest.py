import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(autouse=True)
def _dressed(dressed: QApplication) -> None:
    """Every widget is tested as the person sees it."""
