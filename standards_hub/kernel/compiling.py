"""How templates become Python: what does not depend on a request stands in the code as a constant, and what is asked for most is asked directly.

Jinja's compiler with some of its steps done otherwise. What a template puts out is gathered in a list, where the engine hands each bit on
through every template around it.
"""

import io
from collections.abc import Callable, MutableMapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import _escape_inner as plain  # type: ignore[attr-defined]  # what `escape` does to a text before it wraps it
from markupsafe import escape

INSTEAD = {
    "if 0: yield None": "pass",
    "yield from parent_template.root_render_func(context)": "return parent_template.root_render_func(context)",
}
"""The lines by which the engine's functions hand on bit by bit, and what ours have there: what extends a template gives what that one gathered."""


def escaped(value: Any) -> str:
    """A value as HTML; a text need not be wrapped as markup only to be put out."""
    return plain(value) if type(value) is str else escape(value)


class Compiler(CodeGenerator):
    """Compiles templates that are never asynchronous, always escape and whose undefined names are errors."""

    environment: "Templates"
    whole: Frame | None = None
    """The template or block that is being written."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.writeline(f"from {__name__} import escaped")
        super().visit_Template(_Fixing(self.environment.fixed).visit(node), frame)

    def writeline(self, x: str, node: nodes.Node | None = None, extra: int = 0) -> None:
        super().writeline(INSTEAD.get(x, x), node, extra)

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        if frame.buffer is None:
            self.whole = frame
            self.buffer(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        super().leave_frame(frame, with_python_scope)
        if frame is self.whole and not (frame.toplevel and self.has_known_extends):
            self.writeline(f"return {frame.buffer}")

    def visit_Extends(self, node: nodes.Extends, frame: Frame) -> None:
        if not frame.rootlevel:
            self.fail("what extends another here always does", node.lineno)
        super().visit_Extends(node, frame)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:
        if node.scoped or node.required:
            self.fail("blocks here are plain ones", node.lineno)
        if not (frame.toplevel and self.has_known_extends):
            self.writeline(f"{frame.buffer}.extend(context.blocks[{node.name!r}][0](context))", node)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        """With the names around it, in a context of its own, so that what it sets is known to nothing else."""
        if node.ignore_missing or not node.with_context:
            self.fail("what is included here is there and knows what is around it", node.lineno)
        self.writeline("template = environment.get_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        around = f"template.new_context(context.get_all(), True, {self.dump_local_context(frame)})"
        self.writeline(f"{frame.buffer}.extend(template.root_render_func({around}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Straight, since none of our functions asks for the context; a macro without one escapes as the engine does."""
        self.visit(node.node, frame)
        stream, self.stream = self.stream, io.StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), stream
        self.write(f"({arguments.removeprefix(', ')})")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """What has no such attribute is asked as Jinja would, by its key or for an error."""
        self.write("(found if (found := getattr(holder := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(holder, {node.attr!r}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("escaped(")

    def _import_common(self, node: nodes.Import | nodes.FromImport, frame: Frame) -> None:
        """What is imported without the context is the same for every page, since pages add no globals."""
        if node.with_context:
            super()._import_common(node, frame)
        else:
            self.write("environment.get_template(")
            self.visit(node.template, frame)
            self.write(f", {self.name!r}).module")


class Templates(Environment):
    """An engine whose templates all have the same globals, so that none keeps a list of its own beside them."""

    code_generator_class = Compiler
    fixed: dict[str, Callable[..., str]]
    """Functions whose answer depends on their arguments alone, by name."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class _Fixing(NodeTransformer):
    """Puts the answers of calls whose arguments are constants in their place; what is named besides fills the places of a text."""

    def __init__(self, fixed: dict[str, Callable[..., str]]) -> None:
        self.fixed = fixed

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        function = self.fixed.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        constants = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        if function is None or node.dyn_args or node.dyn_kwargs or len(constants) < len(node.args):
            return node
        fixed = nodes.Const(function(*constants), lineno=node.lineno)
        return nodes.Filter(fixed, "filled", [], node.kwargs, None, None, lineno=node.lineno) if node.kwargs else fixed
