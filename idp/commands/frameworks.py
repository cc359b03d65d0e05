"""`idp frameworks`: the library, readable by people and by programs."""

import json
from typing import Any

import click

from idp.commands.database import database_option, session_for
from idp.queries.framework_library import (
    CompetencyText,
    FrameworkDocument,
    framework_document,
    list_frameworks,
)
from idp.rules.errors import NotVisible

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


@click.group()
def frameworks() -> None:
    """The competency frameworks in the database."""


@frameworks.command("list")
@json_option
@database_option
def list_command(as_json: bool, database: str | None) -> None:
    """List the published frameworks with their counts."""
    with session_for(database) as session:
        found = list_frameworks(session)
    if as_json:
        _print_json(
            [
                {
                    "code": each.code,
                    "version": each.number,
                    "name_th": each.name_th,
                    "name_en": each.name_en,
                    "competencies": each.competencies,
                    "levels": each.levels,
                    "behaviours": each.behaviours,
                }
                for each in found
            ]
        )
        return
    for each in found:
        counts = f"{each.competencies} competencies, {each.levels} levels, {each.behaviours} behaviours"
        click.echo(f"{each.code}  version {each.number}  {counts}  {each.name_th}")


@frameworks.command("show")
@click.argument("code")
@json_option
@database_option
def show_command(code: str, as_json: bool, database: str | None) -> None:
    """Print the framework CODE whole: competencies, levels, behaviours."""
    with session_for(database) as session:
        try:
            document = framework_document(session, code)
        except NotVisible:
            raise click.ClickException(f"no published framework {code!r}; see idp frameworks list") from None
    if as_json:
        _print_json(document_as_json(document))
    else:
        _print_text(document)


def document_as_json(document: FrameworkDocument) -> dict[str, Any]:
    """The shape of the transcribed documents: competencies, their levels, their behaviours as texts."""
    return {
        "code": document.code,
        "version": document.number,
        "framework": {
            "name_th": document.name_th,
            "name_en": document.name_en,
            "organisation_th": document.organisation_th,
            "source_note": document.source_note,
        },
        "competencies": [_competency_as_json(competency) for competency in document.competencies],
    }


def _competency_as_json(competency: CompetencyText) -> dict[str, Any]:
    return {
        "order": competency.position,
        "code": competency.code,
        "code_is_official": competency.code_is_official,
        "name_th": competency.name_th,
        "name_en": competency.name_en,
        "category": competency.category.value,
        "definition_th": competency.definition_th,
        "levels": [
            {
                "level": level.number,
                "title_th": level.title_th,
                "cumulative": level.cumulative,
                "behaviours": [indicator.text_th for indicator in level.indicators],
            }
            for level in competency.levels
        ],
    }


def _print_text(document: FrameworkDocument) -> None:
    click.echo(f"{document.name_th} ({document.code}, version {document.number})")
    for competency in document.competencies:
        click.echo(f"\n{competency.code}  {competency.name_th}\n  {competency.definition_th}")
        for level in competency.levels:
            click.echo(f"  {level.number}: {level.title_th}")
            for indicator in level.indicators:
                click.echo(f"     {indicator.position}. {indicator.text_th}")


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
