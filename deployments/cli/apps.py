"""The typer apps that command modules are made of."""

import typer


def command_app() -> typer.Typer:
    """Return an app for a module that is one command, such as `wellkept up`."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")


def group_app(help_text: str) -> typer.Typer:
    """Return an app for a module that is a group of commands, such as `wellkept cycles list`, with the group's help."""
    app = typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich", no_args_is_help=True
    )

    @app.callback(help=help_text)
    def group() -> None:
        """Have a group stay one, also with a single command."""

    return app
