"""First names: which are known, which are one name spelled in two ways, and which are short for another.

The lists are the project's own: names that are common in France and around it, and in English. A name that is
missing here is compared by its letters alone.
"""

from itertools import permutations

from .surnames import COMMON
from .text import word_set

# one name, written in several ways
_SPELLINGS = """
adele adelle|agnes agnese|aissatou aisatou|alain allain alan allan allen|alexandre alexander aleksander
alice alyce|alicia alycia|alexis alexys|amelie emelie|andre andreas|anne ann anna|annick annic
anthony antony|antoine anthoine|arthur artur|audrey audray|aurelie orelie|benedicte benedikte
brigitte bridgitte|bryan brian|camille camile|carine karine karin|carl karl|carole carol karol
caroline karoline|catherine katherine katharine kathryn catharine katrin|cecile cecille|cedric sedric
celia selia|christel cristel kristel christelle|christine kristine christina cristina
christophe christopher kristofer|clement clemens|claire clara clare|corinne corine|dany dani danny
david davide|deborah debora|denis dennis denys|dorothee dorothea|edith edithe|edouard edward eduard
eleonore eleanor elinor|elias elyas|elisabeth elizabeth elisabetta|elise elyse|elodie helodie
eric erik erick|esther ester|etienne ethienne|eugene eugen|evelyne evelyn eveline|fanny fani|fatima fatma
florent florens|franck frank|francois francesco|frederic frederick frederik fredrick|frederique frederike
gaetan gaeton gaethan|gael gwael|gauthier gautier|genevieve genevieva|geoffrey geoffroy jeffrey geoffroi
georges george georg|gerard gerhard gerardo|ghislain guislain|ghislaine guylaine|gilles gille
gregory gregorie gregoire|guillaume guilhaume|gwenaelle gwenaele|gwendoline gwendolyn|hannah hanna anna
helene helen helena ellen|henri henry|herve hervey|hugo ugo hugues|ines inez|irene irena
isabelle isabel isabella izabel|ismael ismail|jacky jackie jacquie|jean jan juan|jeanne joanne
jeremie jeremy|jerome gerome|joel joell|johan yohan yoann yohann johann|jonathan johnathan|john jon
joseph josef jozef|judith judit|julia giulia|juliette julietta|justin justyn|kevin kevyn
laetitia letitia leticia|laurence lawrence|laurent laurens lorenzo|lea leah|leila leyla|lionel lyonel
lisa liza|louis luis lewis|louise louisa luisa|luc luke luca|lucas lukas|lucie lucy lucia
madeleine magdalena madeline|magali magalie|maelle maele|marc mark marco|marguerite margaret margarita
marie maria mary|marion marionne|martin martyn|mathieu matthieu mathew matthew|mathias matthias
mathilde matilde matilda|mathis matis matisse|michel michael mickael mikael miguel
michele michelle micheline|mohamed mohammed muhammad mohammad mahomet|monique monica|myriam miriam
nathalie natalie natalia|nicolas nicholas nikolas|noe noah|noel noell|olivier oliver|pascal paschal
patrice patrick|paul paolo pablo|perrine perine|philippe philip phillip philipp filip|pierre pedro piotr
rachel rachelle|raphael rafael|rebecca rebekah|remi remy|renaud reynaud|roland rolland
romain roman|sara sarah|sebastien sebastian|sofia sophia sophie|solene solenne
stephane stephan stefan stephen steven|stephanie stefanie|susan suzan suzanne susanne|sylvain silvain
sylvie silvie sylvia silvia|tatiana tatyana|theo teo|theophile teophile|theodore theodor
thibault thibaut thibaud thibauld|thierry thiery|thomas tomas|timothee timothy|valentin valentyn
valerie valery|veronique veronica|victor viktor|virginie virginia|walter valter
xavier javier|yannick yanick|yves yve|yvon ivon|zoe zoey
adrian adriano|adriana adrienne|angel angelo|auguste augusto|aurelia aurelie|camilla camille kamila kamilla
carla karla|carlo carlos|cassandra cassandre|cristiano cristian christian|christiane cristiana|eliana eliane
elina eline|emilia emilie|eugenia eugenie|fathia fatiha|felicia felicie|flavia flavie|francesca francisca
gabriela gabriella|gaetana gaetane|hassan hassane|jamel jamil|johanna yohanna|josefa josepha josephe|julian juliano
justina justine|manuela manuella|marcela marcella marcelle|noella noelle|octavia octavie|paola paula
paolina paulina pauline|rafaele rafaela raphaelle|salim selim|salima selima|severina severine|tarek tarik
ursula ursule|valentina valentine|valeria valerie|victoria vittoria|virgil virgile|viviana viviane
"""
# short forms and nicknames: the first is short for each of the others
_SHORT_FORMS = """
abby abigail|al albert alain alan alfred alexander|alex alexandre alexandra alexander alexis alexia
alec alexander|andy andrew andre andrea|angie angela angelique|anita anne|annie anne ann anna
annette anne|babeth elisabeth|barb barbara|bea beatrice|bella isabelle isabella|ben benjamin benoit
benji benjamin|bernie bernard bernadette|bert albert robert herbert bertrand|beth elizabeth elisabeth
betty elizabeth elisabeth|bill william|billy william|bob robert|bobby robert|brad bradley|caro caroline
cat catherine|cathy catherine katherine|kathy katherine kathleen catherine|cecilia cecile
charlie charles charlotte|chuck charles
chris christophe christian christine christelle christopher christina|christi christina christine
chrystelle christelle|cindy cynthia lucinda|claudie claude claudine|clem clement clementine
connie constance|cyn cynthia|dan daniel danielle|danny daniel|dani daniel danielle|dave david|deb deborah
debbie deborah|dede andre|delph delphine|denny dennis|dick richard|didi didier|dom dominique dominic
domi dominique|don donald|dot dorothy|doug douglas|drew andrew|ed edward edouard edmond edgar
eddie edward edouard|eddy edouard edward|elo elodie|emma emmanuelle emily|estele estelle
fab fabien fabrice fabienne|fabi fabienne fabien|fifi philippe josephine
flo florence florian florent flora|fran francoise francine frances francis|franky franck francois
frankie frank francis|fred frederic frederique alfred frederick|freddy frederic alfred
gabi gabriel gabrielle|gaby gabriel gabrielle|gege gerard|gene eugene|geo georges|ginny virginia
gigi gilles ghislaine gilberte|greg gregory gregoire|guigui guillaume|guillem guillaume
gus gustave auguste|gwen gwenaelle gwendoline|hank henry|harry henry harold|isa isabelle
jack john jacques|jackie jacqueline jacques|jacky jacques jacqueline|jake jacob|jan janet janice
janie jane|jay jason jacob|jeannot jean|jeff jeffrey geoffrey jean-francois|jen jennifer|jenny jennifer
jerry gerald jerome gerard|jess jessica|jessie jessica|jim james|jimmy james
jo joseph joel josiane joelle johanna|joe joseph|jojo georges joseph joel|johnny john jonathan
jos josiane joseph|josie josephine josiane|juju julien julie justine|jule jules|kat katherine catherine
kate katherine catherine|katie katherine|kay katherine|ken kenneth|kenny kenneth|kim kimberly
lalie eulalie|larry lawrence|lau laurent laure laurence|lea leana|len leonard leonore
leo leonard leonardo leopold|lex alexandre|lili elisabeth liliane|lisa elisabeth elizabeth
lise elise elisabeth|lisette elise|liz elizabeth elisabeth|lolo laurent laurence lionel|lou louis louise
loulou louis louise|luce lucie|ludo ludovic|maddie madeleine madison|mag magali margaux
maggie margaret marguerite maggy|manu emmanuel emmanuelle manuel|marge margaret|margie margaret
margot marguerite|mat mathieu matthieu|math mathieu mathilde|matt matthew mathieu matthieu
max maxime maximilien maxence|maxou maxime|meg margaret|mel melanie melissa|mich michel michele
mickey michael|mick michael mickael|mika mickael michael|mike michael|mimi michele mireille michel
mimo mohamed|mitch mitchell|moe maurice|mo mohamed maurice|momo mohamed maurice|moni monique
nacho ignacio|nadou nadine|nancy anne|nat nathalie nathan nathaniel|nath nathalie|nate nathan nathaniel
ned edward|nelly helene|nick nicolas nicholas dominic|nico nicolas|nini virginie|ninie virginie
nono arnaud|oli olivier|olive olivier|pam pamela|pat patrick patricia patrice|patsy patricia
patty patricia|paulo paul|peggy margaret|pete peter|phil philippe philip|pierrot pierre|polo paul
quent quentin|raf raphael|raph raphael|ray raymond|reg reginald|reggie reginald|rich richard
rick richard eric|ricky richard eric|rita marguerite|rob robert robin|robby robert|robbie robert
ron ronald|ronnie ronald veronica|rudy rudolf rodolphe|sacha alexandre alexandra|sally sarah
sam samuel samantha|sandie sandrine sandra|sandra alexandra|sandy sandrine alexandra sandra|scot scott
seb sebastien|shelly michelle|sid sidney|simo simon|simonet simone|sim simon|so sophie|soso sophie
stan stanislas stanley|steph stephane stephanie|stef stephane stephanie|steve stephane steven stephen
sue susan|suzie suzanne|suzon suzanne|susie susan|sylvou sylvie|syl sylvain sylvie|tatie tatiana
ted edward theodore|teddy edward theodore|tess therese|terry terence theresa|theo theodore theophile
tim timothy timothee|tina christine martina christina|titi thierry|tof christophe|tophe christophe
tom thomas|tommy thomas|toni antoine anthony|tony antoine anthony|toinou antoine|tricia patricia
val valerie valentin valentine|vally valerie|vanou vanessa|vero veronique|vic victor victoire
vicky victoria|vic victoria|vince vincent|vinc vincent|vinz vincent|virg virginie|wil william
will william guillaume wilfried|willy william|xav xavier|yann jean|yo yoann|yoyo yohan|zach zachary
zack zachary|zeze joseph|gerry gerard gerald|cri cristina|sandro alessandro|beppe giuseppe|pepe jose
paco francisco|pancho francisco|lupe guadalupe|hans johannes|heinz heinrich|fritz friedrich|sepp josef
uli ulrich|wolf wolfgang|kathi katharina
"""
# the ending of an unknown name -> those that a known one may have in its place
_EXCHANGED = {"a": "oe", "o": "a", "e": ""}
# one of these is in nearly every double name: Jean-Luc, Anne-Marie, Juan Carlos, Mohamed-Amine
IN_DOUBLE_NAMES = word_set(
    """
    abdel ahmed ana ann anna anne carlos charles claude eve franz hans jean jose juan karl lise louis louise luis marc
    maria marie mary mohamed mohammed paul pierre rose yves
    """
)
_OTHERS = """
abdallah abdel abdelkader abderrahmane abdou abdoulaye abel abigail achille adam adama adeline adrian
adrien adrienne agathe agnieszka ahmed aime aimee alban albane albert alberte albertine alessandra
alessandro alessia alexandru alfred ali alicia aline alix alphonse amadou amal amandine amar amaury amber
ambre amelia amina aminata amy ana anais anass anastasia anatole andree andrei andreina andrew andrzej
angel angela angele angelina angelique angus anke anouk anselme antje antoinette antonin antonio apolline
ariane arlette armand armelle arnaud arsene ashley astrid aubin auguste augustin augustine aurelien
aurore awa aymeric ayoub ayse aziz badr bakary baptiste barbara barnabe barry barthelemy basile bastien
beatrice beatriz benedict benjamin benoit benoite berenger berenice bernadette bernard berthe bertrand
betsy betty beverly bilal binta blaise blanche bogdan bonnie boris boubacar bouchra bradley brahim
brandon brenda brice bruce bruna bruno calvin cameron capucine carla carlos carmen carolyn cassandra
catarina celeste celestin celine chaima chantal charlene charles charley charline charlotte cheikh
chelsea cheryl chiara chloe christian christiane clarisse claude claudette claudia claudine claudio
clementine cleo clotilde clovis cody colette colin coline come conrad constance constant constantin
coralie corentin courtney craig cristian crystal cyndie cynthia cyprien cyrielle cyril cyrille dakota
dale damien daniel daniela daniele danielle daphne dario darren debra delphine denise derek desire
desiree diana diane didier diego dieter dimitri diogo dmitri dolores dominic dominique donald donna
dorian doris dorothy douglas driss drissa dwight dylan edgar edmond edmonde edna edwige eileen ekaterina
elaine eleanore elena eliane elie eliette elif eline eliot elisabetta eliza ella eloi eloise elsa elvire
emeline emile emilie emilien emilienne emily emine emma emmanuel emmanuelle enzo erica erin ernest
ernestina ernestine erwan esteban estelle ethan ethel etiennette eugenie eulalie eva evan eve ewa fabien
fabienne fabio fabiola fabrice farid fatiha fatma fatoumata faye federico felicie felicien felicite
felipe felix ferdinand fernand fernande fernando filipa finn firmin flavie flavien fleur flora flore
florence florian florine fouad france frances francesca francine francis francisco francoise gabin
gabriel gabriella gabrielle gaelle gail gary gaspard gaston gavin genevieve georgina gerald geraldine
germain germaine gheorghe ghita ghyslaine gianni gilbert gilberte gina ginette giovanni gisela gisele
giselle giulia giuseppe gladys glenn goncalo gontran gonzague gordon grace graham grzegorz gunter gunther
gustave guy guylene gwenael gwendal habib hadrien hakan hakim halima hamid hamza hanane hannah hans
harold harry harvey hasan hassan hatice heather hector heike heinrich helmut heloise henriette henry
herbert hermine hicham hilaire hippolyte holly honore honorine hortense houda howard huguette hunter
huseyin ian ibrahim ibrahima ida idriss ignace ignacio igor imane ines ingrid ioana ion irina iris irma
isaac isabella isidore ismet issa ivan ivy jack jacob jacqueline jacques jacquot jade jake jalal jamel
james jamila jan jane janet janice janine jasmine jason jean jeanette jeanine jeannine jennifer jerry
jessica jill jimmy joachim joan joana joanna joao joaquin jocelyn jocelyne joel johanna johannes jordan
jordane jorg jose josephe josephine josette joshua josiane josselin josue joy joyce judy jules julian
juliana julie julien julienne julio jurgen justine kamel karen karim karima katarzyna katell katia katy
keith kelly kelvin kemal kenneth kenza khadija khady khalid kilian kim kimberly kirk klaus krzysztof kyle
kyra lahcen laila lambert lance lara larissa lars latifa laura laure laurel lauren laurene lauriane
laurie laurine leana lee leila lena leon leonard leonce leone leonie leontine leopold leroy leslie liam
lilas lili lilian liliane lillian lily lina linda lise lloyd loan logan loic lois lola lorenzo lori loris
lorraine lotte lou louane loubna luca luce lucette lucien lucienne lucile ludivine ludovic ludwig luis
luisa luke lydia lydie lyne lynn madison mael maeva magdalena maia malgorzata malik malika mamadou
manfred manon manuel manuela marcel marcelin marceline marcelle marcello marco marek margaux margot maria
mariama mariana mariane marianne marielle marilyn marilyne marin marina marine mario marius marjorie
marlene marta marthe martial martine marvin maryline maryse maryvonne massimo mateo matilda mattea matteo
maurice mauricette maurizio maxence maxime maximilien maya megan mehdi mehmet melanie melina melissa
melody mercedes meriem mia micheline mihai mikhail mila milan mildred mireille mitchell modeste modibo
molly mona morgan morgane mouna mounir mourad moussa murat mustafa mylene nabil nadege nadia nadine naima
najat nancy naomi narcisse natalia nathan nathanael natividad nawal ndeye neil nelly nestor nicholas
nicole nicoletta nigel nikolai nils nina ninon noa noah noelle noemie nolan nora norbert nordine norma
norman nour noureddine nuno octave octavie odette odile odilon olga olivia olympe omar omer ophelie oscar
osman otto oumar ousmane pamela paolo pascale pascaline patricia patti paula paule paulette paulin
pauline paulo pawel pedro peggy penelope peter petra phoebe phyllis pierrette pierrick pietro pilar piotr
prosper quentin rabah rachid radu rafaela rafaele rainer ralph ramon randy rania raoul raul raymond
raymonde reda redouane regine regis reine rejane remus renata rhonda ricardo richard rim rita robert
roberta roberte roberto robin robine robyn rocio roderick rodney rodolphe rodrigue roger rolf romane
romaric romuald ronald rosa rosalie rosario rose roseline roselyne rosemary ross roxane roy ruben ruby
rui russell ruth ryan sabah sabina sabine sabrina safia said salah salim salma salome salvatore sam
samantha sami samia samir samira samuel sanaa sandie sandra sandrine santiago saul scott sean selma serge
sergei sergio serkan severin severine seydou shannon sharon shaun sheila shelley shirley sidney sidonie
siegfried sigrid silke silvano simon simona simone sofia sofiane solange sonia sophia sophie souleymane
soumia spencer stacy stanislas stanley stefan stefano stella stephanie stuart sully suzette suzie sven
svetlana sylvaine sylvester sylvestre sylvette tamara tanguy tania tanya tara tarik tatiana taylor teresa
thea theodora therese thomas tiago tiffany timeo tiphaine titouan tomasz tommaso tracy travis trevor
tristan tyler ulrich ulrike ulysse urbain ursula ute uwe valentine vanessa vasco vera vernon victoire
victoria victorien victorine vivian viviane vivien vivienne vladimir wade wafa walid wanda warda warren
wayne wendy werner wilfried wilhelm william willie wojciech wolfgang wolfram xavier yacine yael yanis
yann yasmina yasmine yassine yousra youssef yusuf yvan yvette yvonne zacharie zachary zahra zakaria zelie
zeynep zineb zoe zohra zora
adelaide adriana adriano aicha aissa alba alessio alexia alexis ambroise amedee amina amine amir amira andrea
andree angelo anis anissa annabelle antonia antonine armande armance augusta augusto aurelia axel axelle aziza
bachir bernardine bertille bertrande blandine bruna camilla candice carlo carlota cassandre celestine clarence
clea clemence constantine cristiano cristiana dina donatien donatienne doriane edwin elian eliana elina emeric
emilia emilio enza eugenia eugenio fabiana fabiano faouzi faouzia fadil fadila faical farida faustin faustine
fathi fathia felicia fernanda flavia flavio florentin florentine floriane francette francisca gabriela
gaetane gaetana georgette georgia germana gilda giorgio giovanna giuliano giuliana giuseppina habiba
hafid hafida hakima hamida hassane hassina honoree hubert huberte hugues ignacia irenee ivana jacinthe jalila
jamil josepha josefa juana juliano justina kamel kamila karl karla latif leandre leandra leontin leopoldine
loane lorenza luciana luciano ludovica malo manuella marcela marceau marcella mariano marielle mathurin maud
melvin melvina mikaelle michaelle michaela mounia mounira moustapha nabila nassim nassima nasser nassera
nicoletta noella norberte octavia octavien paola paolina paulina philippine pierrette placide rachida
raimondo raphaelle ernesto reginald renata renato renaude rene renee ricarda rolande romaine romeo rosario
rosaria sacha saida salima samuelle sebastienne selim selima serena severina severino silvana silvio simeon
sylvaine sylviane tahar tarek tiziana tiziano toussaint urielle ursule valentina valentino valere valeria
valeriane valerian vincente violaine violette virgile virgil vittorio vittoria viviana wassim wassila xaviere
yaelle yohanna yolande younes zaki zakia
"""


def _lines(text):
    return [line.split() for line in text.replace("\n", "|").split("|") if line.strip()]


def _related():
    """Return ``{(one, other): whether they are one name in two spellings}`` of names that may be one person's."""
    spelled = _lines(_SPELLINGS)
    alike: dict[str, set[str]] = {}
    for names in spelled:
        for name in names:
            alike.setdefault(name, set()).update(names)
    found = {}
    for short, *whole in _lines(_SHORT_FORMS):
        for name in whole:
            # a short form of one spelling is one of the others
            for one, other in permutations({short, name} | alike.get(name, set()), 2):
                if short in (one, other):
                    found[one, other] = False
    for names in spelled:
        found.update(dict.fromkeys(permutations(names, 2), True))
    return found


# couples of known names that one person may be called by, in both orders
RELATED = _related()
KNOWN = frozenset(name for couple in RELATED for name in couple) | word_set(_OTHERS)


def are_two(one, other):
    """Tell whether two words are two first names, so that one is no slip of the other.

    Both are known and never one person's, or one is known and the other is made of it for the other sex.
    """
    if one in KNOWN and other in KNOWN:
        return (one, other) not in RELATED
    return one in known_by(other) or other in known_by(one)


def is_whole_name(words):
    """Tell whether two words are somebody's name: a known first name, and another one or a frequent surname."""
    known = [word in KNOWN for word in words]
    return (
        len(words) == 2
        and any(known)
        and all(one or word in COMMON for one, word in zip(known, words, strict=True))
    )


def known_by(word):
    """Return the known first names of which an unknown word may be made, as the other sex's is.

    ``tristanne`` is of ``tristan``, ``fabia`` of ``fabio``: with ``e`` or ``a`` at the end, its last letter
    double before it, or ``a`` for ``o`` and ``e``.
    """
    if word in KNOWN or len(word) < 4 or word[-1] not in "aeo":
        return []
    stem = word[:-1]
    tried = [stem] if word[-1] != "o" else []
    if word[-1] == "e" and stem[-1] == stem[-2] and stem[-1] in "lnt":
        tried.append(stem[:-1])
    tried += [stem + ending for ending in _EXCHANGED[word[-1]]]
    return [name for name in tried if name in KNOWN]


def _families():
    """Return ``{name: number}`` of the names in :data:`RELATED`: the same where couples lead from one to the other."""
    found: dict[str, int] = {}
    for start in sorted(name for name, _other in RELATED):
        if start in found:
            continue
        reached = [start]
        found[start] = number = len(found) + 1
        while reached:
            name = reached.pop()
            for other in _OTHERS_OF.get(name, ()):
                if other not in found:
                    found[other] = number
                    reached.append(other)
    return found


_OTHERS_OF: dict[str, list[str]] = {}
for _one, _other in RELATED:
    _OTHERS_OF.setdefault(_one, []).append(_other)
FAMILIES = _families()


def given_and_family(letters):
    """Return ``[given name, rest]`` of letters that begin or end with a known first name, else ``[letters]``.

    ``benjaminthomas`` is ``benjamin thomas``, ``thomasbenjamin`` as well. The longest known name counts.
    """
    for size in range(len(letters) - 3, 3, -1):
        if letters[:size] in KNOWN:
            return [letters[:size], letters[size:]]
    for size in range(len(letters) - 3, 3, -1):
        if letters[-size:] in KNOWN:
            return [letters[-size:], letters[:-size]]
    return [letters]
