"""First names: which are known, which are one name spelled in two ways, and which are short for another.

The lists are the project's own: names that are common in France and its neighbours, and in English. A name that is
missing here is compared by its letters alone.
"""

from itertools import permutations

from .text import word_set

# one name, written in several ways
_SPELLINGS = """
adele adelle|agnes agnese|aissatou aisatou|alain allain alan allan allen|alexandre alexander aleksander
alice alyce|alicia alycia|alexis alexys|amelie emelie|andre andrea andreas|anne ann anna|annick annic
anthony antony|antoine anthoine|arthur artur|audrey audray|aurelie orelie|axel axelle|benedicte benedikte
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
lisa liza|louis luis lewis|louise louisa luisa|luc luke luca lucas lukas|lucie lucy lucia
madeleine magdalena madeline|magali magalie|maelle maele|marc mark marco|marguerite margaret margarita
marie maria mary|marion marionne|martin martyn|mathieu matthieu mathew matthew|mathias matthias
mathilde matilde matilda|mathis matis matisse|michel michael mickael mikael miguel
michele michelle micheline|mohamed mohammed muhammad mohammad mahomet|monique monica|myriam miriam
nathalie natalie natalia|nicolas nicholas nikolas|noe noah|noel noell|olivier oliver|pascal paschal
patrice patrick|paul paolo pablo|perrine perine|philippe philip phillip philipp filip|pierre pedro piotr
rachel rachelle|raphael rafael|rebecca rebekah|remi remy|renaud reynaud renaude|rene renee|roland rolland
romain roman|sara sarah|sebastien sebastian|sofia sophia sophie|solene solenne
stephane stephan stefan stephen steven|stephanie stefanie|susan suzan suzanne susanne|sylvain silvain
sylvie silvie sylvia silvia|tatiana tatyana|theo teo|theophile teophile|theodore theodor
thibault thibaut thibaud thibauld|thierry thiery|thomas tomas|timothee timothy|valentin valentyn
valerie valery|veronique veronica|victor viktor|vincent vincente|virginie virginia|walter valter
xavier javier|yannick yanick|yves yve|yvon ivon|zoe zoey
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
_OTHERS = """
abdel abel achille adam adeline adrian adrien adrienne agathe ahmed aime aimee alban albane albert
alberte albertine alessandra alessandro alessia alfred ali aline alix alphonse amandine amaury ambre
amina amy ana anais anatole andree andreina andrew angel angela angele angelina angelique anke anouk
anselme antje antoinette antonin apolline ariane arlette armand armelle arnaud arsene ashley astrid aubin
auguste augustin augustine aurelien aurore aymeric baptiste barbara barnabe barry barthelemy basile
bastien beatrice benedict benjamin benoit benoite berenger berenice bernadette bernard berthe bertrand
betsy betty beverly bilal blaise blanche bonnie boris bradley brandon brenda brice bruce bruna bruno
calvin capucine carla carlos carmen carolyn cassandra celeste celestin celine chantal charlene charles
charley charline charlotte cheryl chloe christian christiane clarisse claude claudette claudia claudine
clementine cleo clotilde clovis cody colette colin coline come conrad constance constant constantin
coralie corentin courtney craig crystal cyndie cynthia cyprien cyrielle cyril cyrille dale damien daniel
daniela daniele danielle daphne dario darren debra delphine denise derek desire desiree diana diane
didier diego dieter dimitri dolores dominique donald donna dorian doris dorothy douglas dwight dylan
edgar edmond edmonde edna edwige eileen elaine eleanore elena eliane elie eliette eline eliot ella eloi
eloise elsa elvire emeline emile emilie emilien emilienne emily emma emmanuel emmanuelle enzo erica erin
ernest ernestina ernestine erwan esteban estelle ethan ethel etiennette eugenie eulalie eva eve fabien
fabienne fabio fabiola fabrice faye felicie felicien felicite felipe felix ferdinand fernand fernande
fernando firmin flavie flavien fleur flora flore florence florian florine france frances francine francis
francisco francoise gabin gabriel gabriella gabrielle gaelle gail gary gaspard gaston gavin genevieve
gerald geraldine germain germaine ghyslaine gianni gilbert gilberte gina ginette giovanni gisela gisele
giselle gladys glenn gontran gonzague gordon grace graham gunter gunther gustave guy guylene gwenael
gwendal habib hadrien hans harold hassan heather hector heike heinrich helmut heloise henriette herbert
hermine hilaire hippolyte holly honore honorine hortense howard huguette hunter ian ibrahim ida ignace
ignacio igor ingrid iris irma isidore ivan ivy jacob jacqueline jacques jacquot jade jake jamel james
jane janet janice janine jasmine jason jean jeanette jeanine jeannine jennifer jerry jessica jill jimmy
joachim joan joana joanna joaquin jocelyn jocelyne johanna johannes jordan jordane jorg jose josephe
josephine josette joshua josiane josselin josue joy joyce judy jules julian juliana julie julien julienne
julio jurgen justine karen karim karima katell katia katy keith kelly kelvin kenneth khadija kilian kim
kimberly kirk klaus kyle kyra lambert lance lara larissa lars laura laure laurel lauren laurene lauriane
laurie laurine leana lee lena leon leonard leonce leone leonie leontine leopold leroy leslie lilas lili
lilian liliane lillian lily lina linda lise lloyd loan logan loic lois lola lori loris lorraine lotte lou
louane luce lucette lucien lucienne lucile ludivine ludovic ludwig luisa lydia lydie lyne lynn mael maeva
maia malik malika manfred manon manuel manuela marcel marcelin marceline marcelle marcello margaux margot
mariana mariane marianne marielle marilyn marilyne marin marina marine mario marius marjorie marlene
marta marthe martial martine marvin maryline maryse maryvonne mateo mattea matteo maurice mauricette
maxence maxime maximilien maya megan melanie melina melissa melody mercedes mia micheline mila milan
mildred mireille modeste molly mona morgan morgane mouna moussa mylene nabil nadege nadia nadine nancy
naomi narcisse nathan nathanael natividad neil nelly nestor nicole nicoletta nigel nils nina ninon noa
noelle noemie nolan nora norbert norma norman nour octave octavie odette odile odilon olga olivia olympe
ophelie oscar otto pamela pascale pascaline patricia patti paula paule paulette paulin pauline peggy
penelope peter petra phyllis pierrette pierrick pilar prosper quentin rachid rafaela rafaele rainer ralph
ramon randy raoul raul raymond raymonde regine regis reine rejane remus renata rhonda ricardo richard
rita robert roberta roberte roberto robin robine robyn rocio roderick rodney rodolphe rodrigue roger rolf
romane romaric romuald ronald rosa rosalie rosario rose roseline roselyne rosemary ross roxane roy ruben
russell ruth ryan sabina sabine sabrina said salome salvatore samantha sami samir samira samuel sandie
sandra sandrine santiago saul scott sean selma serge sergio severin severine shannon sharon shaun sheila
shelley shirley sidney sidonie siegfried sigrid silke simon simona simone solange sonia spencer stacy
stanislas stanley stella stuart sully suzette suzie sven sylvaine sylvester sylvestre sylvette tamara
tanguy tania tanya tara taylor teresa thea theodora therese tiffany timeo tiphaine titouan tommaso tracy
travis trevor tristan tyler ulrich ulrike ulysse urbain ursula ute uwe valentine vanessa vera vernon
victoire victoria victorien victorine vivian viviane vivien vivienne wade wanda warren wayne wendy werner
wilfried wilhelm william willie wolfgang wolfram yael yanis yann yasmina yasmine yassine youssef yvan
yvette yvonne zacharie zachary zelie zineb zora
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
