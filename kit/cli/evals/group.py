"""`kit eval`: a word that does something by itself and has subcommands."""

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

__all__ = ["DEFAULT", "EvalGroup"]

DEFAULT = "run"  # what a first word that is no subcommand means; hidden from the list, since nobody needs to type it


class EvalGroup(TyperGroup):
    """Runs `DEFAULT` unless the first word is one of the other subcommands, and explains both in its help."""

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Put the default's name before words that begin with something else."""
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """The default's own help, then the subcommands."""
        default = self.commands[DEFAULT]
        default.format_help(
            default.make_context(ctx.info_name, [], parent=ctx.parent, resilient_parsing=True), formatter
        )
        self.format_commands(ctx, formatter)
