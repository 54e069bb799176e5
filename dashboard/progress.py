"""What an update says while it runs, in both languages: source, step, rate, time left."""

from __future__ import annotations

from html import escape

from dashboard import closing, texts
from dashboard.updating import Source, Update


def pace(rate: float, lang: str) -> str:
    """So many a second, or a minute where it is slower."""
    say = texts.of(lang)
    return say("sources.a_second", n=f"{rate:.1f}") if rate >= 1 else say("sources.a_minute", n=f"{60 * rate:.0f}")


def running(update: Update, lang: str) -> str:
    """The whole update in a line: services that have ended, documents, rate, time left."""
    say, left = texts.of(lang), update.left
    documents = sum(one.documents for one in update.heard())
    parts = [
        say("sources.running", ended=update.ended, n=len(update.services)),
        say("sources.read", n=documents, rate=pace(update.rate, lang)),
        say("sources.left_unknown") if left is None else say("sources.left", time=closing.duration(left, lang)),
    ]
    return " · ".join(parts)


def steps(update: Update, lang: str) -> str:
    """Where every service stands, as HTML: those that are asked, those that have ended, those not heard from yet."""
    say = texts.of(lang)
    shown = sorted(update.heard(), key=lambda one: one.state != "asking")
    rows = "".join(_step(one, lang) for one in shown)
    unheard = [escape(closing.service(name, lang)) for name in update.unheard()]
    waiting = f'<p class="said">{escape(say("sources.unheard"))} {"; ".join(unheard)}</p>' if unheard else ""
    style = "columns:24rem;column-gap:2rem;list-style:none;padding:0;margin:0;font-size:0.9rem"
    item = "<style>ul.steps li{break-inside:avoid;margin:0 0 0.6rem;padding:0;overflow-wrap:anywhere}</style>"
    return f'{item}<ul class="steps" style="{style}">{rows}</ul>{waiting}'


def _step(one: Source, lang: str) -> str:
    say = texts.of(lang)
    facts = [say("sources.indicators", done=one.done, total=one.total)] if one.documents else []
    if one.state == "asking":
        left = one.left
        facts += [pace(one.rate, lang)] if one.rate else []
        facts += [say("sources.left", time=closing.duration(left, lang))] if left is not None else []
    facts.append(say(f"sources.state_{one.state}"))
    what = closing.skipped(one.what, lang) if one.state == "skipped" else one.what
    named = f"<strong>{escape(closing.service(one.source, lang))}</strong>"
    text = f"{closing.MARK[one.state]} {named}<br>{escape(' · '.join(facts))}"
    return f"<li>{text}{f'<br><em>{escape(closing.shortened(what))}</em>' if what else ''}</li>"
