"""What is said to people about a figure, in every language the product speaks."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gandeng.words import language

Said = Annotated[str, Field(pattern=r"\S")]


class Wording(BaseModel):
    """The same words in Indonesian and English; neither may be missing or blank."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: Said
    en: Said

    def said(self, lang: str | None = None) -> str:
        """In `lang` ("id" or "en"); without it in the language chosen."""
        return self.en if (lang or language()) == "en" else self.id
