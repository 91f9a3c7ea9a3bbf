"""
What a check of a registry looks for: a code, a severity and a remedy for each finding.

The reference page of findings is printed from this table. Codes never change their meaning.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from claimtrack.errors import Severity

LONGEST_QUOTE: Final = 150
"""Words of a quote; above so many it is an extract and no quotation."""


@attrs.frozen
class Code:
    """
    One thing that a check looks for.

    Args:
        title: What is found, in a few words.
        severity: How much it matters.
        meaning: When it is found, and why it matters; sentences.
        remedy: What a keeper does about it; sentences.
    """

    title: str
    severity: Severity
    meaning: str
    remedy: str


_ERROR: Final = Severity.ERROR
_WARNING: Final = Severity.WARNING
_NOTE: Final = Severity.NOTE

FINDING_CODES: Final[Mapping[str, Code]] = {
    "CT601": Code(
        "A recorded status is not the computed one",
        _ERROR,
        "The `status` that an editor signed, of a claim or of one of its readings, no longer "
        "follows from the evidence as of the day of the check.",
        "Read `claimtrack explain`. If the evidence is right, sign the new status with "
        "`claimtrack accept`; if it is not, mend or withdraw the evidence.",
    ),
    "CT602": Code(
        "A claim is unsettled, and nobody has recorded that",
        _ERROR,
        "The claim, or one of its readings, is overdue, conflicting or without enough evidence, "
        "and that very status is not recorded: a deadline has passed unnoticed, or sources "
        "disagree unnoticed. A claim that asks only for the ratings of others, and waits for one, "
        "is none of these (see `CT730`).",
        "Look for evidence. If there is none, sign the status with `claimtrack accept`.",
    ),
    "CT603": Code(
        "A signed status is suspect",
        _WARNING,
        "The words, the criterion or the deciding evidence of a claim, the facts that it asks "
        "about, or what of the registry's policy it falls back on and could turn it, are not what "
        "its status was signed for; the fingerprint kept with the signature tells which. "
        "Or it was signed by the first edition of the rules, and only the rules changed since. "
        "A fingerprint of three parts, from before facts and policy were kept, is silent on them.",
        "Look at what changed, then sign anew with `claimtrack accept`.",
    ),
    "CT604": Code(
        "A review day has passed",
        _WARNING,
        "The claim was to be looked at again by its `review_by`, and has not been signed on that "
        "day or since.",
        "Look at it, then sign anew with `claimtrack accept`, or move `review_by`.",
    ),
    "CT605": Code(
        "A criterion was edited after the outcome",
        _ERROR,
        "The words, the criterion, a due day or the like of a claim were changed after the "
        "evidence that decides it had become known. The change is seen from the fingerprint of "
        "the signature, and from git where the registry is in a repository; as of which day a "
        "commit counts is its committer's date. It is a note where the claim itself was entered "
        "only after the outcome.",
        "Undo the edit; enter a sharper wording as a reading. If the edit only mends a slip, "
        "silence the finding with the reason.",
    ),
    "CT606": Code(
        "A decided status is recorded without any evidence",
        _ERROR,
        "The recorded `status` says that the claim was decided, and no evidence in the registry "
        "speaks of any of its facts, or of the claim.",
        "Add the evidence, or take the status out.",
    ),
    "CT607": Code(
        "A function that decides a claim failed to run",
        _ERROR,
        "The function that was registered for the claim raised something other than an "
        "`AssertionError`, or returned something other than true, false and None. What the claim "
        "is remains open.",
        "Mend the function.",
    ),
    "CT608": Code(
        "A claim that a function decides was looked at without it",
        _ERROR,
        "The status was signed as what a function of the keeper's said, and no function was "
        "registered for the claim; its criterion alone may say something else.",
        "Name the file that holds the function with `--checks`, or under pytest let a "
        "`conftest.py` or a plugin register it. If the criterion decides now, take `signed` out "
        "and sign anew.",
    ),
    "CT611": Code(
        "A prediction or promise is never due",
        _WARNING,
        "Its criterion has a window without an end, and it has no `due`: it can never be overdue.",
        "Give the window an end, or the claim a `due`.",
    ),
    "CT612": Code(
        "A quote is much longer than a quotation",
        _NOTE,
        f"It has more than {LONGEST_QUOTE} words. Readers cannot tell which of them are checked, "
        "and long extracts may not be yours to copy.",
        "Keep the words that are checked, and the rest in a snapshot of the source.",
    ),
    "CT613": Code(
        "Evidence was withdrawn without a reason",
        _WARNING,
        "It has `withdrawn` and no `withdrawn_because`.",
        "Say why it no longer counts.",
    ),
    "CT614": Code(
        "Evidence or a rating is undated, and so never used",
        _NOTE,
        "Neither it nor its source has a `published`.",
        "Find out on which day the public could read it.",
    ),
    "CT615": Code(
        "A denial does not reach as far back as a claim asks",
        _NOTE,
        "Its `not_happened` ends on or after the deadline of a claim that is not decided, and "
        "begins within the days that the claim asks about. Only a denial of all of these refutes "
        "it, and `by` and `before` look back without a start: what happened before the claim was "
        "said would do as well.",
        'If the source says that it never happened, write `not_happened = "../DAY"`, with the day '
        "up to which it says so; if it says less, give the criterion a window that begins with "
        "`during`.",
    ),
    "CT616": Code(
        "A judgement is of a claim that does not ask for judgement",
        _NOTE,
        "It supports or refutes a claim whose criterion, readings and condition have no `judged`, "
        "so it can decide nothing.",
        "Enter what the source reports as evidence on a fact of the criterion; or ask for "
        "judgement with `{ judged = true }`; or make its stance `context`.",
    ),
    "CT617": Code(
        "A prediction or promise was due before it was said",
        _WARNING,
        "The last day that its criterion asks about, or its `due`, lies before the first day of "
        "its `said`. One of the two is most often a slip.",
        "Mend the day; or, if it was said of the past, make its kind `fact`.",
    ),
    "CT618": Code(
        "A claim was said after its source was published",
        _NOTE,
        "The first day of its `said` is later than the last of its source's `published`.",
        "Mend one of the days, or name the source that carries the words; of a page that is added "
        "to over time, silence it.",
    ),
    "CT621": Code(
        "Sources on a fact are in conflict",
        _ERROR,
        "Two usable reports cannot both be right: an event that happens once on days apart, an "
        "event reported and denied for the same day, or two values for the same period.",
        "Find out who is wrong, and withdraw or supersede that report; or keep the conflict and "
        "silence the finding with the reason.",
    ),
    "CT622": Code(
        "A fact has fewer witnesses than it requires",
        _ERROR,
        "Fewer independent witnesses report on it than its `requires`; reprints of one agency "
        "are one witness.",
        "Find further sources.",
    ),
    "CT623": Code(
        "What is known of a fact is too old",
        _ERROR,
        "Its newest report became known longer ago than its `review_every` days.",
        "Look for a newer report.",
    ),
    "CT624": Code(
        "Evidence reports on a fact that no claim asks about",
        _NOTE,
        "No criterion names the fact, and it asks for nothing itself (`requires`, "
        "`requires_tiers`, `review_every`).",
        "Name it in a criterion, or take it out.",
    ),
    "CT625": Code(
        "Nothing reports on a fact that is asked about",
        _NOTE,
        "A criterion names it, and there is no evidence on it.",
        "Look for evidence; until the claim is due, its absence may be all there is.",
    ),
    "CT626": Code(
        "A fact has no report of a tier that it requires",
        _ERROR,
        "Its `requires_tiers` names a tier, and no usable report on it is from a source of that "
        "very tier: there never was one, or the last one was withdrawn, superseded or taken out.",
        "Find such a source, or take the tier out.",
    ),
    "CT631": Code(
        "Two claims that contradict each other both hold",
        _ERROR,
        "They are linked by `contradicts`, and both are held.",
        "One of the criteria is too loose, or they do not contradict each other.",
    ),
    "CT632": Code(
        "A claim and the one that it repeats came out differently",
        _WARNING,
        "They are linked by `repeats`, and their statuses differ.",
        "If they have different deadlines, use `refines`; else give them one criterion.",
    ),
    "CT633": Code(
        "Links lead back to where they began",
        _ERROR,
        "Following `part_of`, `depends_on`, `refines` or `repeats` from the claim leads back to "
        "it.",
        "Take one of the links out.",
    ),
    "CT634": Code(
        "A claim depends on one that did not come about",
        _WARNING,
        "It is held or pending, and what it `depends_on` failed or was annulled.",
        "Annul it, give it a `condition`, or take the link out.",
    ),
    "CT635": Code(
        "A whole holds, and a part of it failed",
        _WARNING,
        "The claim is `part_of` another that is held, and itself failed.",
        "The criterion of the whole leaves the part out, or the link is wrong.",
    ),
    "CT636": Code(
        "A sharper claim holds, and the broader one failed",
        _WARNING,
        "The claim `refines` another that failed, and itself holds.",
        "What is sharper should imply what is broader; mend a criterion or the link.",
    ),
    "CT641": Code(
        "A source has no tier",
        _NOTE,
        "It ranks last, and a criterion with `min_tier` leaves it out.",
        "Give it a `tier`.",
    ),
    "CT642": Code(
        "A source has no address that can be followed",
        _NOTE,
        "It has neither `url` nor `archived_url` nor `snapshot`, so nobody can look it up. It is a "
        "warning where there is an address, of a source, a speaker or a rating, that the site does "
        "not link: one that does not begin with `https://` or `http://`, or that holds a blank.",
        "Give it one of them, or mend the address.",
    ),
    "CT643": Code(
        "A record is not used",
        _NOTE,
        "No other record names this speaker, source or fact.",
        "Use it, or take it out.",
    ),
    "CT644": Code(
        "A decided claim is not signed",
        _NOTE,
        "The claim was decided, and has no `status`: should its status change one day, nobody "
        "will be told. A claim that asks only for the ratings of others needs none: they sign.",
        "Sign it with `claimtrack accept`.",
    ),
    "CT645": Code(
        "A signature or a judgement does not say who or why",
        _NOTE,
        "A claim has a `status` without a `signed` that says `by` whom, or one that the evidence "
        "does not decide and no `because`; or evidence judges a claim, and has neither a `quote` "
        "nor a `note`. A reader cannot tell on whose word that stands.",
        "Sign with `claimtrack accept --by NAME --because TEXT`; give the judgement a `quote`.",
    ),
    "CT646": Code(
        "A status cannot be that of such a claim",
        _WARNING,
        "The claim's kind is `fact` or `opinion`, and its `status`, or that of a reading, is "
        "`late`: words about the past or the present are true or false, and never late.",
        "Mend the kind, or give the claim a criterion that asks about the days of which it speaks.",
    ),
    "CT647": Code(
        "A day is most likely a slip",
        _WARNING,
        "A report or a rating was published, evidence recorded, a forecast made, or a search made "
        "after today; a value was reported before the period was over that it speaks of; or a "
        "claim asks about a day more than a hundred years after it was said, or more than fifty in "
        "a year that is not round, such as 2109 for 2019.",
        "Mend the day or the year; of a forecast of a value, name the report that came later.",
    ),
    "CT648": Code(
        "Nothing can refute what a claim asks",
        _WARNING,
        "Its criterion asks whether a quantity reaches a mark within a window, and the fact is not "
        "`cumulative`, or the test is not `at_least` or `above`. A value outside says nothing of "
        "the other days, so the claim can be held and never fail.",
        "Ask for the value of one period with `at`; or make the fact `cumulative`, if it never "
        "falls.",
    ),
    "CT649": Code(
        "An id or a name stands in another form of Unicode",
        _NOTE,
        "A letter with an accent can be one character or two. Ids and names are compared in the "
        "normal form C, so nothing is lost here; but editors and searches will not find the text "
        "by the same letters.",
        "Type it anew, or convert the file to the normal form C (NFC).",
    ),
    "CT680": Code(
        "A pinned copy of a source cannot be opened",
        _ERROR,
        "There is no regular file at the `path` of its `snapshot`, a link leads there, or it is "
        "too large; or a private copy cannot be read. A private copy that is not at hand is no "
        "finding: its quotes are unchecked.",
        "Put the copy back, or pin the source anew with `claimtrack pin`.",
    ),
    "CT681": Code(
        "The path of a pinned copy leads out of the registry's folder",
        _ERROR,
        "The `path` of its `snapshot` is absolute, has a part `..`, or is written for another "
        "system. Nothing there is opened.",
        "Pin the copy with `claimtrack pin`, which takes it into the folder.",
    ),
    "CT682": Code(
        "A pinned copy is not what was pinned",
        _ERROR,
        "The SHA-256 of its bytes is not the `sha256` of the `snapshot`, or that digest is a "
        "placeholder that no copy has.",
        "Put the pinned bytes back; if the page was really taken anew, pin it with "
        "`claimtrack pin --replace`.",
    ),
    "CT683": Code(
        "A quote is not found in the pinned copy of its source",
        _ERROR,
        "The words do not stand there. Spaces, line breaks, the kinds of quotation marks and "
        "dashes, ligatures and hyphens at line ends make no difference; case, digits and every "
        "word do. Where there is a similar passage, the message says what differs.",
        "Quote word for word, with `...` for what is left out and `[...]` around what is yours; "
        'or, if the words are yours, say `quote_kind = "paraphrase"`.',
    ),
    "CT684": Code(
        "A quote cannot be looked for in the pinned copy of its source",
        _ERROR,
        "The copy cannot be opened, is not what was pinned, or holds no text that can be read.",
        "Mend the copy; `claimtrack quotes` says what is wrong with it.",
    ),
    "CT685": Code(
        "A quote stands several times in the pinned copy of its source",
        _WARNING,
        "Which of the places is meant cannot be told.",
        'Quote more of the words, or say which place is meant: `anchor = { prefix = "..." }` is '
        "the text right before it, `suffix` right behind it, and `position` is its offset, as "
        "`claimtrack quotes` prints it.",
    ),
    "CT686": Code(
        "A quote is unchecked, and the policy requires that it is not",
        _ERROR,
        'The policy says `quotes = "required"`, and no copy of its source is pinned, or the copy '
        "is private and not at hand.",
        "Pin a copy with `claimtrack pin`; for a private one, name its folder with `--snapshots`.",
    ),
    "CT679": Code(
        "A selection says another number of claims than there are",
        _WARNING,
        "A `[[selection]]` says how many claims of its speaker, source and topic are `included`, "
        "and the registry holds another number of them: claims came or went since it was written. "
        "A share of claims that were chosen otherwise than is said misleads.",
        "Correct the number, or enter the claims that are missing.",
    ),
    "CT691": Code(
        "A silence silences nothing",
        _WARNING,
        "The record is `silenced` for a code that is not found on it.",
        "Take the silence out.",
    ),
    "CT692": Code(
        "A check of an installed package failed to run",
        _ERROR,
        "A function of the entry-point group `claimtrack.checks` could not be loaded, or raised.",
        "Mend or remove the package.",
    ),
    "CT693": Code(
        "The history of the files is cut short",
        _NOTE,
        "The registry lies in a git clone that lacks its earlier commits, so edits before those "
        "cannot be seen.",
        "Fetch the whole history; for GitHub's checkout, `fetch-depth: 0`.",
    ),
    "CT694": Code(
        "The history of the files cannot be read",
        _WARNING,
        "The registry lies in a git repository, and git is not installed or fails, so edits after "
        "the outcome cannot be seen. The message holds git's own reason.",
        "Mend what git says; or leave git out with `--no-git`, or with `claimtrack_git = false` "
        "under pytest.",
    ),
    "CT695": Code(
        "The repository belongs to another user",
        _WARNING,
        "Git reads no repository of another user, as a container often has it, so edits after the "
        "outcome cannot be seen.",
        "If you trust it, run `git config --global --add safe.directory` with the folder that is "
        "named.",
    ),
    "CT696": Code(
        "The clone lacks earlier contents of the files",
        _WARNING,
        "The registry lies in a partial clone, made with `git clone --filter`, or objects of the "
        "repository are missing. Nothing is fetched by a check, so edits cannot be seen in what "
        "is missing.",
        "Clone the repository without `--filter`, or run `git fetch --refetch --no-filter`.",
    ),
    "CT697": Code(
        "The history of the files is longer than is read",
        _WARNING,
        "A limit was reached: commits, bytes of one version of a file, bytes of all of them, or "
        "the time that git takes. Edits in what was not read cannot be seen.",
        "Split long files, or keep bulk data out of the registry's folder; or leave git out with "
        "`--no-git`.",
    ),
    "CT698": Code(
        "An earlier version of a file cannot be read",
        _NOTE,
        "A commit holds a version of a file of the registry that is damaged or malformed, so "
        "edits of its claims in that commit are seen only with the next one that can be read.",
        "Nothing can be mended in a commit that is past; look at what it changed.",
    ),
    "CT699": Code(
        "A submodule is not read",
        _WARNING,
        "A part of the registry is a submodule of git, and its history, or the commit that is "
        "recorded of it, cannot be read. It is a note where the submodule is not checked out, for "
        "nothing of it is in the registry then.",
        "Run `git submodule update --init --recursive`.",
    ),
    "CT730": Code(
        "A claim waits for a rating",
        _NOTE,
        "It asks only for the ratings of others, and is not rated on their scale yet; or its own "
        "`due` has passed, and its latest rating is still open, as *In the works* is. Without a "
        "`due` an open rating is no finding: whoever keeps the tracker rates in their own time.",
        "Look whether there is a newer rating; otherwise there is nothing to do.",
    ),
    "CT911": Code(
        "A sparse checkout leaves files out",
        _WARNING,
        "The registry lies in a sparse checkout that keeps some of its files out of the work "
        "tree. What they hold is no part of the registry as it is read, nor of what is found.",
        "Run `git sparse-checkout add` with the registry's folder, or "
        "`git sparse-checkout disable`.",
    ),
}
"""The findings by code."""
