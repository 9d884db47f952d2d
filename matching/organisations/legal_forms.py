"""Legal forms as data: what may stand in a name without being part of it.

One line a form, by family: the first spelling is its code, the others are the same form in full or in another
language's abbreviation; a line that ends with a semicolon goes on. Spellings are folded like names. Source:
ISO 20275 (Entity Legal Forms) for the countries of the platforms and their neighbours, with the French, Belgian and
everyday abbreviations it lacks.
"""

LIMITED = """
GmbH; Gesellschaft mit beschränkter Haftung; Ges.m.b.H.; GesmbH; mbH
gGmbH; gemeinnützige GmbH; gemeinnützige Gesellschaft mit beschränkter Haftung
UG; UG haftungsbeschränkt; Unternehmergesellschaft; Unternehmergesellschaft haftungsbeschränkt
SARL; S.à r.l.; société à responsabilité limitée; Sàrl
EURL; entreprise unipersonnelle à responsabilité limitée
BV; besloten vennootschap; BVBA; besloten vennootschap met beperkte aansprakelijkheid; SPRL;
société privée à responsabilité limitée
SRL; società a responsabilità limitata; societatea cu răspundere limitată; societate cu raspundere limitata;
societate cu răspundere limitată; sociedad de responsabilidad limitada
SL; sociedad limitada; SLU; sociedad limitada unipersonal
Lda; limitada; sociedade por quotas
Ltd; limited; private limited; pvt ltd; pte ltd; pty ltd; pte limited; pty limited; private limited company;
company limited; co limited
LLC; limited liability company; LC
Sp. z o.o.; spółka z ograniczoną odpowiedzialnością; spolka z o.o.; spółka z o.o.
s.r.o.; společnost s ručením omezeným; spoločnosť s ručením obmedzeným; spol. s r.o.; spol s ro
d.o.o.; društvo s ograničenom odgovornošću; družba z omejeno odgovornostjo; društvo sa ograničenom odgovornošću
Kft; korlátolt felelősségű társaság
ЕООД; еднолично дружество с ограничена отговорност; EOOD
ООД; дружество с ограничена отговорност; OOD
ООО; общество с ограниченной ответственностью; OOO
ТОВ; товариство з обмеженою відповідальністю; TOV; tovarystvo z obmezhenoiu vidpovidalnistiu;
tovarystvo z obmezhenoyu vidpovidalnistyu
ΕΠΕ; εταιρεία περιορισμένης ευθύνης; EPE
ΙΚΕ; ιδιωτική κεφαλαιουχική εταιρεία; IKE
Oy; osakeyhtiö
ApS; anpartsselskab
OÜ; osaühing
SIA; sabiedrība ar ierobežotu atbildību
UAB; uždaroji akcinė bendrovė
ehf; einkahlutafélag
Ltd. Şti.; limited şirketi
有限会社
合同会社
有限公司; 有限责任公司; 有限責任公司
유한회사; 유한책임회사
"""

STOCK = """
AG; Aktiengesellschaft; AkG
SA; société anonyme; S.A.U.; sociedad anónima; sociedade anónima; spółka akcyjna; SAU;
sociedad anónima unipersonal; S.A. unipersonal; societate pe acțiuni
SAS; société par actions simplifiée; SASU; société par actions simplifiée unipersonnelle
NV; naamloze vennootschap
SpA; società per azioni
plc; public limited company
a.s.; akciová společnost; akciová spoločnosť; A.Ş.; anonim şirketi; AS; aktsiaselts; akciju sabiedrība
aksjeselskap; ASA; allmennaksjeselskap
A/S; aktieselskab
AB; aktiebolag; akcinė bendrovė; AB publ; publikt aktiebolag
Oyj; julkinen osakeyhtiö; Abp
d.d.; dioničko društvo; delniška družba; deoničarsko društvo
a.d.; акционерно дружество; АД; акционарско друштво
ЕАД; еднолично акционерно дружество; EAD
АО; акционерное общество; AO; JSC; joint stock company; CJSC; closed joint stock company; ЗАО;
закрытое акционерное общество; ZAO; ОАО; открытое акционерное общество; OAO; OJSC; open joint stock company; ПАО;
публичное акционерное общество; PAO; PJSC; public joint stock company; ПАТ
Zrt; zártkörűen működő részvénytársaság; Nyrt; nyilvánosan működő részvénytársaság; Rt
ΑΕ; ανώνυμη εταιρεία; ανώνυμος εταιρεία; A.E.
hf; hlutafélag
SE; Societas Europaea; europäische Gesellschaft
KGaA; Kommanditgesellschaft auf Aktien; SE & Co. KGaA; AG & Co. KGaA; GmbH & Co. KGaA; SCA;
société en commandite par actions
Inc; incorporated; incorporation
株式会社
股份有限公司
주식회사
"""

PARTNERSHIP = """
KG; Kommanditgesellschaft
GmbH & Co. KG; GmbH und Co KG; mbH & Co. KG; GmbH & Co. Kommanditgesellschaft; GmbH & Cie KG; GmbH & Co;
UG & Co. KG; UG (haftungsbeschränkt) & Co. KG
AG & Co. KG; SE & Co. KG; AG & Co. OHG; GmbH & Co. OHG
OHG; offene Handelsgesellschaft; OG; offene Gesellschaft
GbR; Gesellschaft bürgerlichen Rechts; GesbR
PartG; Partnerschaftsgesellschaft; PartG mbB; PartGmbB
SNC; société en nom collectif; società in nome collettivo; SENC
SCS; société en commandite simple; SCSp; société en commandite spéciale; SECS
SCI; société civile immobilière
SC; société civile
CV; commanditaire vennootschap; Comm.V; CommV
VOF; vennootschap onder firma
LP; limited partnership; LLP; limited liability partnership
Sp. k.; spółka komandytowa
Sp. j.; spółka jawna
k.s.; komanditní společnost
v.o.s.; veřejná obchodní společnost
Ky; kommandiittiyhtiö
HB; handelsbolag; KB; kommanditbolag
I/S; interessentskab; K/S; kommanditselskab; P/S
Bt; betéti társaság
СД; събирателно дружество
ΟΕ; ομόρρυθμη εταιρεία; ΕΕ; ετερόρρυθμη εταιρεία
"""

ASSOCIATION = """
e.V.; eingetragener Verein; eV
eG; eingetragene Genossenschaft; e.G.; eGen; eingetragene Genossenschaft mbH
ASBL; association sans but lucratif; VZW; vereniging zonder winstoogmerk; AISBL;
association internationale sans but lucratif; IVZW
association loi 1901
SCRL; société coopérative à responsabilité limitée; CVBA; coöperatieve vennootschap met beperkte aansprakelijkheid;
SCIC; SCOP
z.s.; zapsaný spolek
z.ú.; zapsaný ústav
o.p.s.; obecně prospěšná společnost
n.o.; nezisková organizácia
p.o.; příspěvková organizace; příspěvková organizácia
r.y.; rekisteröity yhdistys; ry
MTÜ; mittetulundusühing
ONLUS
s.p.; samostojni podjetnik; státní podnik
"""

SOLE = """
e.K.; eingetragener Kaufmann; eingetragene Kauffrau; e.Kfm.; e.Kfr.; Einzelfirma
ЕТ; едноличен търговец
ИП; индивидуальный предприниматель
EI; entreprise individuelle
PFA; persoană fizică autorizată
"""

# Two funds of one name and two of these forms are two, as two firms are.
FUND = """
SICAV; société d'investissement à capital variable; SICAV-SIF; SICAV-RAIF
FCP; fonds commun de placement; FCP-SIF; FCP-RAIF
SIF; fonds d'investissement spécialisé; specialised investment fund
RAIF; fonds d'investissement alternatif réservé; reserved alternative investment fund
"""

# Words that say "a business" without saying which form: they neither agree nor disagree with one.
UNSPECIFIC = """
Corp; corporation
公司; 会社
Co; company; companies; Cie; compagnie; & Co; and Company; comp; cia; compañía; companhia; compagnia
SME; sociedad mercantil estatal; S.M.E.; M.P.; medio propio
i.L.; in Liquidation; en liquidation; in liquidazione
van publiek recht; de droit public
AöR; Anstalt des öffentlichen Rechts; KöR; K.d.ö.R.; KdöR; Körperschaft des öffentlichen Rechts; gAöR
GIE; groupement d'intérêt économique; GIP; groupement d'intérêt public; EPIC
"""

FAMILIES = {
    "limited": LIMITED,
    "stock": STOCK,
    "partnership": PARTNERSHIP,
    "association": ASSOCIATION,
    "sole": SOLE,
    "fund": FUND,
    "unspecific": UNSPECIFIC,
}

# Scripts without spaces write the form as part of the name; the longest one is it.
WITHOUT_SPACES = tuple(
    sorted(
        (
            form
            for text in FAMILIES.values()
            for form in map(str.strip, text.replace(";", "\n").split("\n"))
            if form > "\u3000"
        ),
        key=lambda form: (-len(form), form),
    )
)
# Spellings that are words or other abbreviations elsewhere ("Spa Kurklinik", "SC Longeville", "LP Records"): they are
# forms only where a name ends, before a break or before another form.
ONLY_LAST = frozenset("spa sc as lp sp hb kb bt rt ky ei ri cv".split())
# Forms that other words follow ("Elbfaser AG Niederlassung Kiel") but that no name begins with.
NEVER_FIRST = ONLY_LAST | frozenset("se ag ab".split())
