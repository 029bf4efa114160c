"""The library on papers of tests."""

import uuid

from app.library import BranchFacts
from db.codes import BranchKind

BRANCH = BranchFacts(
    uuid.UUID(int=1), 1, "کتابخانه عمومی شهید بهشتی", "مرکزی", "اراک", "آبگرم", "۴", BranchKind.INSTITUTIONAL,
    False, "RAF-", "08633445566", "خیابان اصلی",
)  # fmt: skip
