"""Numbers on the wire: given once, never used again."""

import datetime as dt
import enum
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from db.changes import AFTER_IMAGE, Change
from db.codes import Material
from db.journal import DECODER, ENCODER
from db.models.base import Base
from db.models.catalogue import Title
from db.models.library import Staff
from db.models.members import Member
from db.models.schema import synced_models
from db.moments import whole
from db.types import new_id
from db.wire import NUMBERS, OWN_COLUMNS, entities_by_number, entity, numbers, wire_columns
from tests.db.rows import sample

MODELS = sorted(synced_models().items())
STORES = Path(__file__).parents[1] / "stores"


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_every_column_that_travels_has_a_number(name: str, model: type[Base]) -> None:
    registered = numbers()[name]["fields"]
    assert [column.name for column in wire_columns(model) if column.name not in registered] == []


def test_no_number_stands_for_two_things() -> None:
    entities = [entry["number"] for entry in numbers().values()]
    assert len(entities) == len(set(entities))
    for name, entry in numbers().items():
        fields = list(entry["fields"].values())
        assert len(fields) == len(set(fields)), name
        assert all(isinstance(number, int) and number >= 0 for number in fields), name


def test_the_registry_knows_nothing_that_the_models_do_not() -> None:
    """A column that is dropped keeps its number in the registry; until the first is, both tell the same."""
    assert numbers() == {
        name: {
            "number": numbers()[name]["number"],
            "fields": {column.name: numbers()[name]["fields"][column.name] for column in wire_columns(model)},
        }
        for name, model in MODELS
    }


@pytest.mark.parametrize("released", sorted(STORES.glob("v*.wire.json")), ids=lambda path: path.name)
def test_no_released_number_was_changed_or_taken_away(released: Path) -> None:
    for name, entry in json.loads(released.read_text(encoding="utf-8")).items():
        assert numbers()[name]["number"] == entry["number"]
        assert entry["fields"].items() <= numbers()[name]["fields"].items(), name


def test_numbering_again_changes_nothing() -> None:
    """In a process of its own: the registry in memory is not to be touched."""
    program = "import json; from db.wire import renumber; print(json.dumps(renumber()))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=NUMBERS.parents[1])
    assert json.loads(told.stdout) == json.loads(NUMBERS.read_text(encoding="utf-8"))


def test_an_entity_number_leads_back_to_its_table() -> None:
    for name, model in MODELS:
        assert entities_by_number()[entity(model).number] is model
        assert entity(model).name == name


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_every_column_comes_back_from_the_wire(name: str, model: type[Base]) -> None:
    chance = random.Random(name)
    fields = entity(model).fields
    for column in wire_columns(model):
        for _ in range(20):
            value = sample(column, chance)
            field = fields[column.name]
            carried = DECODER.decode(ENCODER.encode(field.encode(value)))
            assert field.decode(carried) == value, column.name
            assert isinstance(field.decode(carried), type(value)), column.name
        assert field.encode(None) is None
        assert field.decode(None) is None


def test_values_are_short_on_the_wire() -> None:
    fields = entity(Member).fields
    assert fields["birth_date"].encode(dt.date(1970, 1, 2)) == 1
    assert fields["guardian_id"].encode(new_id()).__class__ is bytes
    carried = entity(Title).fields["material"].encode(Material.THESIS)
    assert (carried, isinstance(carried, enum.Enum)) == ("thesis", False)


def test_frame_derived_and_secret_columns_do_not_travel() -> None:
    assert sorted(OWN_COLUMNS) == ["bpos", "branch_id", "deleted_at", "id", "rh", "ver"]
    assert not OWN_COLUMNS & entity(Title).fields.keys()
    assert "sort_key" not in entity(Title).fields
    assert "pin_hash" not in entity(Staff).fields


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_an_after_image_holds_every_field_at_its_number(name: str, model: type[Base]) -> None:
    chance = random.Random(name)
    values = {column.name: sample(column, chance) for column in wire_columns(model)}
    change = Change(model, new_id(), 0, AFTER_IMAGE, values, {})
    number, row_id, base_ver, op, image = DECODER.decode(ENCODER.encode(change.body()))
    personal = DECODER.decode(ENCODER.encode(change.personal()))
    assert (number, row_id, base_ver, op) == (entity(model).number, change.row_id.bytes, 0, AFTER_IMAGE)
    assert len(image) == entity(model).width
    for field in entity(model).fields.values():
        carried = personal[field.number] if field.personal else image[field.number]
        assert field.decode(carried) == values[field.name]
        assert not field.personal or image[field.number] is None


def test_a_moment_travels_as_whole_milliseconds() -> None:
    moment = dt.datetime(2033, 5, 6, 7, 8, 9, 123_999, dt.UTC)
    field = entity(Title).fields["year"]
    assert field.encode(1405) == 1405
    out_at = entity(synced_models()["loan"]).fields["out_at"]
    assert out_at.decode(out_at.encode(moment)) == whole(moment)
