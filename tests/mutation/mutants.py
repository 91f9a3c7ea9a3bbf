"""
Make the mutants of a module: copies of its text, each changed in one small place.

The changes are those of cosmic-ray's operators. Left out is what cannot be told from the module
itself: a change of an annotation or of a docstring, and one that another operator makes too.
"""

import ast
import copy
import difflib
import random
from pathlib import Path

import attrs
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.plugins import get_operator, operator_names


@attrs.frozen
class Mutant:
    """
    One changed module.

    Args:
        path: The module, from the root of the tree.
        lines: The first and the last line of the statement that is changed; of one with a body,
            those above the body.
        reach: The lines of which a test comes to one if it reaches the change: its own, and those
            of the body of a function whose decorators or parameters are changed, since these were
            read before any test began.
        was: The changed lines as they were, without their indentation; *now* as they are.
        source: The whole text of the module.
    """

    path: str
    lines: tuple[int, int]
    reach: tuple[int, int]
    was: str
    now: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it also after other lines of the module have moved."""
        return self.path, self.was, self.now


def mutants_of(root: Path, path: str, at_most: int | None = None) -> list[Mutant]:
    """Return the mutants of a module in the order of its lines; of many, some that are drawn."""
    source = (root / path).read_text(encoding="utf-8")
    statements = list(_statements(ast.parse(source)))
    nodes = list(ast_nodes(get_ast(source)))
    places = [
        (node, operator, index)
        for operator in filter(None, map(_operator, sorted(operator_names())))
        for node in nodes
        for index, _ in enumerate(operator.mutation_positions(node))
    ]
    if at_most is not None:
        random.Random(path).shuffle(places)
    seen = {_meaning(source)}
    found: list[Mutant] = []
    for node, operator, index in places:
        if at_most is not None and len(found) >= at_most:
            break
        changed = _mutated(nodes[0], node, operator, index)
        meaning = _meaning(changed)
        if meaning is not None and meaning not in seen:
            seen.add(meaning)
            found.append(_mutant(path, source, changed, statements))
    return sorted(found, key=lambda mutant: mutant.lines)


def _operator(name):
    """Return an operator; None for one that wants arguments, which ours is to choose."""
    try:
        return get_operator(name)()
    except TypeError:
        return None


def _mutated(root, node, operator, index: int) -> str:
    """Return the text of the tree with one node changed; the tree is afterwards as it was."""
    above = node.parent
    node.parent = None
    clone = copy.deepcopy(node)
    node.parent = clone.parent = above
    changed = operator.mutate(clone, index)
    if above is None:
        return changed.get_code()
    place = next(place for place, child in enumerate(above.children) if child is node)
    above.children[place : place + 1] = [] if changed is None else [changed]
    text = root.get_code()
    above.children[place : place + (changed is not None)] = [node]
    return text


def _meaning(source: str) -> str | None:
    """Return the syntax tree as text, without annotations and docstrings; None if it is none."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = None if isinstance(node, ast.arg) else ast.Constant(None)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
    for node in ast.walk(tree):
        # An alias of a type is read by people and by mypy, as an annotation is.
        if isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation):
            node.value = None
    return ast.dump(tree)


def _statements(tree: ast.Module):
    """Iterate over the first and the last line of each statement, and the last that is reached."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
            body = getattr(node, "body", None)
            last = max(first, body[0].lineno - 1) if body else node.end_lineno
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            yield first, last, node.end_lineno if is_function else last


def _mutant(path: str, source: str, changed: str, statements: list[tuple[int, int, int]]) -> Mutant:
    old, new = source.splitlines(), changed.splitlines()
    blocks = [
        block
        for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    low, high = blocks[0][1], max(blocks[-1][2], blocks[0][1] + 1)
    until = blocks[-1][4]
    around = [found for found in statements if found[0] <= low + 1 <= found[1]]
    whole = (low + 1, high, high)
    first, last, end = min(around, key=lambda found: found[1] - found[0], default=whole)
    return Mutant(
        path=path,
        lines=(first, last),
        reach=(first, end),
        was=" ".join(line.strip() for line in old[low:high]),
        now=" ".join(line.strip() for line in new[blocks[0][3] : until]),
        source=changed,
    )
