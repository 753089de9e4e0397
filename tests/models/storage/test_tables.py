"""The tables have the columns of the datasets, and allow what files allow."""

import pytest
from peewee import SQL, Check, ForeignKeyField

from models.storage.tables import TABLES, field_of
from models.values.datasets import DATASETS, FileColumn

MODELS = {model._meta.table_name: model for model in TABLES}
COLUMNS = [(name, column) for name, dataset in DATASETS.items() for column in dataset.columns]


@pytest.mark.parametrize("name", DATASETS)
def test_each_dataset_has_a_table_with_its_key_and_derived_columns(name: str) -> None:
    meta = MODELS[name]._meta

    assert tuple(field.column_name for field in meta.get_primary_keys()) == DATASETS[name].key
    assert set(DATASETS[name].derived) <= set(meta.columns)


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=lambda each: getattr(each, "name", each))
def test_each_column_is_kept_as_its_kind_says(name: str, column: FileColumn) -> None:
    field, plain = MODELS[name]._meta.columns[column.name], field_of(column)

    if isinstance(field, ForeignKeyField):
        assert field.rel_field.field_type == plain.field_type
    else:
        assert field.field_type == plain.field_type
        assert set(_checks(plain)) <= set(_checks(field))
    if not column.required and column.default is None:
        assert field.null


def _checks(field: object) -> list[str]:
    constraints = getattr(field, "constraints", None) or []
    return [each.sql for each in constraints if isinstance(each, SQL) and "CHECK" in each.sql]


def test_checks_are_seen() -> None:
    assert _checks(field_of(DATASETS["places"].column["kind"])) == [
        Check("kind IN ('room', 'table')").sql
    ]
