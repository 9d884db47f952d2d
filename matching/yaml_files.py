"""Files that people write in YAML, read into checked values; what is wrong is told with its place, in their words.

pydantic checks, but its own words never reach a reader: what a value must be is said beside its type by `Expected`.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    model_validator,
)
from pydantic_core import CoreSchema, core_schema

from sources.listing import UNITS

Value = TypeVar("Value")


class FileFault(ValueError):
    """A file cannot be used; a line for each finding: file, place, field and what was expected."""


@dataclass(frozen=True)
class Expected:
    """What a value must be, as the end of "… is not"; faults inside a value are told for themselves."""

    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def checked(value: Any, inner: ValidatorFunctionWrapHandler) -> Any:
            try:
                return inner(value)
            except ValidationError as error:
                if any(part["loc"] for part in error.errors()):
                    raise
                raise ValueError(f"{value!r} is not {self.words}") from error

        return core_schema.no_info_wrap_validator_function(checked, handler(source))


def is_known(kind: str, name: str, info: ValidationInfo) -> str:
    """The name, if it is among those of a kind ("concept", "role") that the caller of `check` gives."""
    if info.context is not None and name not in info.context[kind]:
        raise ValueError(f"{name!r} is no {kind} of the taxonomy")
    return name


def known(kind: str) -> AfterValidator:
    """Refuses a name that `is_known` does not know."""
    return AfterValidator(partial(is_known, kind))


def _is_unit(unit: str) -> str:
    if unit not in UNITS:
        raise ValueError(f"{unit!r} is none of {', '.join(UNITS)}")
    return unit


Text = Annotated[str, Field(strict=True, min_length=1), Expected("a text")]
Texts = Annotated[tuple[Text, ...], Expected("a list of texts")]
Unit = Annotated[Text, AfterValidator(_is_unit)]
AboveZero = Annotated[float, Field(strict=True, gt=0), Expected("a number above zero")]
Count = Annotated[int, Field(strict=True, gt=0), Expected("a whole number above zero")]


class Stated(BaseModel):
    """A mapping with a fixed set of fields; one whose name Python keeps for itself has an underscore after it here."""

    model_config = ConfigDict(frozen=True, alias_generator=lambda name: name.rstrip("_"))

    @model_validator(mode="before")
    @classmethod
    def _is_known_and_not_empty(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("must be a mapping of field to value")
        names = [field.alias for field in cls.model_fields.values()]
        if unknown := [str(name) for name in value if name not in names]:
            raise ValueError(f"unknown field {', '.join(unknown)}; known are {', '.join(map(str, names))}")
        if empty := [str(name) for name, stated in value.items() if stated is None]:
            raise ValueError(f"nothing is said for {', '.join(empty)}")
        return value


class _UniqueKeys(yaml.CSafeLoader):
    """YAML lets the second of two equal keys win in silence; here it is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.MarkedYAMLError(problem=f"{key} stands twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)


def load(path: Path) -> Any:
    """What a file says, unchecked; an empty one says an empty mapping. Raises FileFault."""
    try:
        stated = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeys)  # noqa: S506 -- a safe loader
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileFault(f"{path.name}: cannot be read: {_in_a_line(error)}") from error
    return {} if stated is None else stated


# What the library says of the two slips that are made most.
_PLAINER = {
    "found character that cannot start any token": "a sign that no value begins with; a tab must be blanks",
    "did not find expected ',' or ']'": "a list that has no end; a ] is missing",
}


def _in_a_line(error: Exception) -> str:
    """What is wrong, and in which line; YAML's own words take five."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem and error.problem_mark:
        return f"{_PLAINER.get(error.problem, error.problem)}, line {error.problem_mark.line + 1}"
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return f"line {line} is not UTF-8; save it in UTF-8"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split())


def check(path: Path, stated: Any, shape: TypeAdapter[Value], **names: Collection[str]) -> Value:
    """What a file says as a value of a shape. names: of each kind, see `is_known`. Raises FileFault: all findings."""
    try:
        return shape.validate_python(stated, context=names)
    except ValidationError as error:
        raise FileFault("\n".join(f"{path.name}: {line}" for line in _findings(error, stated))) from error


def read(path: Path, shape: TypeAdapter[Value], **names: Collection[str]) -> Value:
    """`load` and `check`."""
    return check(path, load(path), shape, **names)


def _findings(error: ValidationError, stated: Any) -> Iterator[str]:
    for part in error.errors(include_url=False):
        place = list(_place(part["loc"], stated))
        if part["type"] == "value_error":
            yield ": ".join((*place, str(part["ctx"]["error"])))
        elif part["type"] == "missing":
            yield ": ".join((*place[:-1], f"{place[-1]} is missing"))
        elif part["type"] in ("dict_type", "mapping_type"):
            yield ": ".join((*place, "must be a mapping"))
        else:
            yield ": ".join((*place, f"{part['input']!r} is not what is expected here"))


def _place(loc: Sequence[int | str], stated: Any) -> Iterator[str]:
    """Names of the fields on the way to a value; an entry of a list is called by what it says first."""
    if loc and loc[-1] == "[key]":  # a key itself is at fault, which the finding names
        loc = loc[:-2]
    for step in loc:
        if isinstance(stated, list) and isinstance(step, int):
            stated = stated[step]
            if isinstance(stated, dict) and stated:
                yield str(next(iter(stated.values())))
        else:
            yield str(step)
            stated = stated.get(step) if isinstance(stated, dict) else None
