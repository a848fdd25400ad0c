"""Texts that look like real ones, and texts that no one would write."""

from itertools import pairwise

from hypothesis import strategies as st

from tanba.marking.text.bytewise import SELECTORS
from tanba.marking.text.selectors import run_of

SECRET, OTHER = bytes(range(32)), bytes(range(1, 33))
ID = 0x0123_4567_89AB_CDEF
RUN = run_of(ID, SECRET)

KK = (
    "Қазақстан Республикасында жасанды интеллект туралы заң 2026 жылғы 18 қаңтарда қолданысқа енгізілді. "
    "Синтетикалық нәтижелер машина оқитын нысанда таңбалануға тиіс! Пайдаланушы ескертуді кедергісіз көре ме? "
    "Бұл талап мәтінге де, кескінге де, дыбысқа да қатысты."
)
RU = (
    "Закон об искусственном интеллекте вступил в силу 18 января 2026 г. и касается всех, кто распространяет синтетические результаты. "
    "Их нужно маркировать в машиночитаемой форме! Увидит ли пользователь предупреждение без помех? "
    "А. С. Пушкин в г. Алматы не бывал… Требование относится к тексту, изображению и звуку."
)
EN = (
    "The law on artificial intelligence is in force since 18 January 2026. Synthetic results have to be marked in machine-readable form! "
    "Will Mr. Smith see the warning, e.g. on a phone? The duty concerns text, images and sound alike."
)
MARKDOWN = """\
# Кіріспе

Мәтін **маңызды.** Код: `x = 1. y = 2` осында. Сілтеме: https://adilet.zan.kz/kaz. Келесі сөйлем.

- бірінші тармақ
- екінші тармақ ❤️
  ```python
  print("a. b")

  print("c. d")
  ```

| бағана | мән |
|---|---|
| а. | б |

$$
x = y. z
$$

```
ішінде. код
```

Соңғы <a title="a. b">сөз</a>. Бәрі 👩‍👩‍👧 жақсы"""

PIECES = [
    *"aбқ .!?\n\r`~<>$\\|\"'()*#-1@:/",
    *(
        "\t",
        "    ",
        "```",
        "~~~",
        "$$",
        "\\[",
        "\\]",
        "- ",
        "1. ",
        "\n\n",
        "\r\n",
        "<b>",
        "</b>",
        "https://a.kz",
        "www.",
        "](",
        "г.",
        "т.е.",
    ),
    *(
        "\u200d",
        "\ufeff",
        "\u0301",
        "\ufe0f",
        "\ufe0e",
        "❤\ufe0f",
        "👩\u200d👧",
        "\U000e01ef",
        "\U000e0100",
        "\ud83d",
        "\ude00",
        "\u00a0",
        "字",
    ),
    *(RUN, RUN[:12], RUN[1:], run_of(5, OTHER), SELECTORS[:40]),
]
any_text = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=60))


def cut(text: str, places: list[int]) -> list[str]:
    """`text` in pieces."""
    ends = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[start:end] for start, end in pairwise(ends)]
