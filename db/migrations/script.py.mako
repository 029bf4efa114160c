"""${message}."""

import sqlalchemy as sa
from alembic import op

from db import types
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema from the revision before to this one."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """There is no way back: the copy made before the upgrade is the way back."""
    raise NotImplementedError("restore the copy made before the upgrade")
