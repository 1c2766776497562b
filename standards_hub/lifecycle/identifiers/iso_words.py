"""Words of ISO and IEC identifiers: stages, kinds of document, supplements; old and Russian words by what they mean now."""

STAGES = {
    "PWI": "PWI",
    "NP": "NP",
    "NWIP": "NP",
    "PNW": "PNW",
    "AWI": "AWI",
    "ANW": "ANW",
    "WD": "WD",
    "CD": "CD",
    "FCD": "FCD",
    "CDV": "CDV",
    "CCDV": "CCDV",
    "DIS": "DIS",
    "DP": "DIS",
    "FDIS": "FDIS",
    "RFDIS": "RFDIS",
    "PRF": "PRF",
    "ПМС": "DIS",
    "ОПМС": "FDIS",
}
"""Word → stage. DP is the old name of a DIS draft."""

TYPES = {
    "TS": "TS",
    "TR": "TR",
    "PAS": "PAS",
    "GUIDE": "Guide",
    "ISP": "ISP",
    "R": "R",
    "DATA": "DATA",
    "TTA": "TTA",
    "IWA": "IWA",
    "IS": "IS",
    "SRD": "SRD",
    "OD": "OD",
    "CA": "CA",
    "ТС": "TS",
    "ТО": "TR",
    "РУКОВОДСТВО": "Guide",
}

TYPED_STAGES = {
    "DTS": ("DTS", "TS"),
    "FDTS": ("FDTS", "TS"),
    "PDTS": ("CD", "TS"),
    "CDTS": ("CD", "TS"),
    "DTR": ("DTR", "TR"),
    "FDTR": ("FDTR", "TR"),
    "PDTR": ("CD", "TR"),
    "CDTR": ("CD", "TR"),
    "DPAS": ("DPAS", "PAS"),
    "FDPAS": ("FDPAS", "PAS"),
    "CDPAS": ("CD", "PAS"),
    "DGUIDE": ("DGuide", "Guide"),
    "FDGUIDE": ("FDGuide", "Guide"),
    "DISP": ("DISP", "ISP"),
    "FDISP": ("FDISP", "ISP"),
    "PDISP": ("CD", "ISP"),
    "DIWA": ("DIWA", "IWA"),
}
"""Word → stage and kind. A stage that names its kind (DTS) prints alone; PDTS, PDTR are CD."""

SUPPLEMENTS = {
    "AMD": "Amd",
    "AMEND": "Amd",
    "AMENDMENT": "Amd",
    "COR": "Cor",
    "CORR": "Cor",
    "CORRIGENDUM": "Cor",
    "SUPPL": "Suppl",
    "SUP": "Suppl",
    "ADD": "Add",
    "EXT": "Ext",
    "ISH": "ISH",
    "FRAG": "FRAG",
    "A": "Amd",
    "C": "Cor",
}

TYPED_SUPPLEMENTS = {
    "DAM": ("DAM", "Amd"),
    "DAMD": ("DAM", "Amd"),
    "FPDAM": ("DAM", "Amd"),
    "FPDAMD": ("DAM", "Amd"),
    "FDAM": ("FDAM", "Amd"),
    "FDAMD": ("FDAM", "Amd"),
    "PDAM": ("CD", "Amd"),
    "PDAMD": ("CD", "Amd"),
    "DCOR": ("DCOR", "Cor"),
    "FDCOR": ("FDCOR", "Cor"),
    "FCOR": ("FDCOR", "Cor"),
    "PDCOR": ("CD", "Cor"),
    "DSUPPL": ("DSuppl", "Suppl"),
    "FDSUPPL": ("FDSuppl", "Suppl"),
    "DAD": ("DAD", "Add"),
    "FDAD": ("FDAD", "Add"),
    "PDAD": ("CD", "Add"),
}
"""Word → printed stage and kind of supplement."""

MERGED = {
    ("DIS", "TS"): "DTS",
    ("DIS", "TR"): "DTR",
    ("DIS", "PAS"): "DPAS",
    ("DIS", "Guide"): "DGuide",
    ("FDIS", "TS"): "FDTS",
    ("FDIS", "TR"): "FDTR",
    ("DIS", "Amd"): "DAM",
    ("FDIS", "Amd"): "FDAM",
    ("DIS", "Cor"): "DCOR",
    ("FDIS", "Cor"): "FDCOR",
    ("DIS", "Suppl"): "DSuppl",
    ("FDIS", "Suppl"): "FDSuppl",
    ("D", "Amd"): "DAM",
    ("D", "Cor"): "DCOR",
}
"""A stage and a kind that have a word of their own together."""

LANGUAGES = {"E": "en", "F": "fr", "R": "ru", "S": "es", "A": "ar", "C": "zh", "G": "de"}

STAGE_CODES = {"PWI": "00.00", "NP": "10.00", "AWI": "20.00", "WD": "20.20", "CD": "30.00", "DIS": "40.00", "FDIS": "50.00", "PRF": "60.00"}
"""Draft prefix → harmonized code at which it begins (table of stage prefixes of the domain page on stages)."""
