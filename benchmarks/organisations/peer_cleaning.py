"""The cleaned columns that all peers get: lower case, without legal forms and signs, hosts alone."""

import pandas as pd


def cleaned(path: str) -> pd.DataFrame:
    table = pd.read_parquet(path)
    for column in ("street", "postal_code", "city", "website", "email_domain", "phone"):
        if column not in table:
            table[column] = None
    lower = table["name"].fillna("").str.lower().str.replace(r"[^\w\s]", " ", regex=True)
    forms = r"\b(gmbh|ag|kg|co|ohg|ug|sarl|sas|sa|eurl|nv|bv|ltd|mbh|s a r l|s a|haftungsbeschränkt|e v|e k)\b"
    short = lower.str.replace(forms, " ", regex=True).str.split().str.join(" ")
    site = table["website"].str.lower().str.replace(r"^(https?://)?(www\.)?", "", regex=True).str.split("/").str[0]
    return pd.DataFrame(
        {
            "unique_id": table["record_id"],
            "name": short.where(short != "", None),
            "name_start": short.str[:5].where(short != "", None),
            "street": table["street"].str.lower(),
            "postal_code": table["postal_code"],
            "city": table["city"].str.lower(),
            "domain": site.fillna(table["email_domain"]),
            "phone": table["phone"].str.replace(r"\D", "", regex=True),
        }
    )
