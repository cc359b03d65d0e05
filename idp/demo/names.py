"""Draw names: no two people of the demonstration share first name and surname."""

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from idp.demo.seeds import NamesFile


@dataclass
class NameDrawer:
    names: NamesFile
    rng: Random
    used: set[tuple[str, str]] = field(default_factory=set)

    def draw(self, title: str = "") -> tuple[str, str, str]:
        """(title, first name, surname); a given title decides whether the name is a man's or a woman's."""
        sex: Literal["male", "female"]
        if title:
            sex = "female" if any(each.title == title for each in self.names.titles["female"]) else "male"
        else:
            sex = "female" if self.rng.random() < 0.58 else "male"
            titles = self.names.titles[sex]
            title = self.rng.choices([each.title for each in titles], [each.weight for each in titles])[0]
        firsts = self.names.female if sex == "female" else self.names.male
        while True:
            pair = (self.rng.choice(firsts), self.rng.choice(self.names.surnames))
            if pair not in self.used:
                self.used.add(pair)
                return (title, *pair)
