-- sync: reference tables that a user edits, and what they hold at first
--
-- The contents were written for this project from what the organizations say
-- of themselves. They are a start: \copy replaces or extends them, and nothing
-- here overwrites a table that exists.

CREATE FUNCTION hub_sync_starter(relation text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE relation
WHEN 'org' THEN
-- namespace|parent|kind|country|region
'Qwen|Alibaba|industry|CN|Asia
Alibaba-NLP|Alibaba|industry|CN|Asia
AIDC-AI|Alibaba|industry|CN|Asia
Wan-AI|Alibaba|industry|CN|Asia
Tongyi-MAI|Alibaba|industry|CN|Asia
deepseek-ai|DeepSeek|industry|CN|Asia
zai-org|Zhipu AI|industry|CN|Asia
THUDM|Zhipu AI|academia|CN|Asia
moonshotai|Moonshot AI|industry|CN|Asia
MiniMaxAI|MiniMax|industry|CN|Asia
stepfun-ai|StepFun|industry|CN|Asia
01-ai|01.AI|industry|CN|Asia
baichuan-inc|Baichuan|industry|CN|Asia
internlm|Shanghai AI Laboratory|academia|CN|Asia
OpenGVLab|Shanghai AI Laboratory|academia|CN|Asia
openbmb|OpenBMB|academia|CN|Asia
BAAI|BAAI|non-profit|CN|Asia
tencent|Tencent|industry|CN|Asia
TencentARC|Tencent|industry|CN|Asia
ByteDance|ByteDance|industry|CN|Asia
ByteDance-Seed|ByteDance|industry|CN|Asia
baidu|Baidu|industry|CN|Asia
PaddlePaddle|Baidu|industry|CN|Asia
XiaomiMiMo|Xiaomi|industry|CN|Asia
Skywork|Kunlun Tech|industry|CN|Asia
google|Alphabet|industry|US|North America
google-bert|Alphabet|industry|US|North America
google-t5|Alphabet|industry|US|North America
facebook|Meta|industry|US|North America
meta-llama|Meta|industry|US|North America
FacebookAI|Meta|industry|US|North America
microsoft|Microsoft|industry|US|North America
nvidia|NVIDIA|industry|US|North America
openai|OpenAI|industry|US|North America
openai-community|OpenAI|community|US|North America
apple|Apple|industry|US|North America
amazon|Amazon|industry|US|North America
ibm-granite|IBM|industry|US|North America
ibm-research|IBM|industry|US|North America
Intel|Intel|industry|US|North America
amd|AMD|industry|US|North America
Salesforce|Salesforce|industry|US|North America
databricks|Databricks|industry|US|North America
mosaicml|Databricks|industry|US|North America
Snowflake|Snowflake|industry|US|North America
xai-org|xAI|industry|US|North America
togethercomputer|Together AI|industry|US|North America
unsloth|Unsloth|industry|US|North America
NousResearch|Nous Research|industry|US|North America
LiquidAI|Liquid AI|industry|US|North America
arcee-ai|Arcee AI|industry|US|North America
nomic-ai|Nomic|industry|US|North America
allenai|Allen Institute for AI|non-profit|US|North America
EleutherAI|EleutherAI|non-profit|unknown|
sentence-transformers|Hugging Face|community|unknown|
distilbert|Hugging Face|industry|US|North America
HuggingFaceTB|Hugging Face|industry|US|North America
HuggingFaceH4|Hugging Face|industry|US|North America
lerobot|Hugging Face|industry|US|North America
bigscience|BigScience|community|unknown|
bigcode|BigCode|community|unknown|
timm|Hugging Face|community|US|North America
pyannote|pyannote|academia|FR|Europe
stanfordnlp|Stanford University|academia|US|North America
berkeley-nest|UC Berkeley|academia|US|North America
lmsys|LMSYS|academia|US|North America
laion|LAION|non-profit|DE|Europe
Helsinki-NLP|University of Helsinki|academia|FI|Europe
cardiffnlp|Cardiff University|academia|GB|Europe
stabilityai|Stability AI|industry|GB|Europe
black-forest-labs|Black Forest Labs|industry|DE|Europe
jinaai|Jina AI|industry|DE|Europe
deepset|deepset|industry|DE|Europe
mistralai|Mistral AI|industry|FR|Europe
kyutai|Kyutai|non-profit|FR|Europe
lightonai|LightOn|industry|FR|Europe
almanach|Inria|academia|FR|Europe
utter-project|UTTER|academia|PT|Europe
BSC-LT|Barcelona Supercomputing Center|government|ES|Europe
swiss-ai|Swiss AI Initiative|academia|CH|Europe
KBLab|National Library of Sweden|government|SE|Europe
CohereForAI|Cohere|non-profit|CA|North America
CohereLabs|Cohere|industry|CA|North America
ai21labs|AI21 Labs|industry|IL|Asia
tiiuae|Technology Innovation Institute|government|AE|Asia
LGAI-EXAONE|LG|industry|KR|Asia
skt|SK Telecom|industry|KR|Asia
naver-hyperclovax|Naver|industry|KR|Asia
NCSOFT|NCSOFT|industry|KR|Asia
upstage|Upstage|industry|KR|Asia
kakaocorp|Kakao|industry|KR|Asia
rinna|rinna|industry|JP|Asia
sbintuitions|SoftBank|industry|JP|Asia
llm-jp|National Institute of Informatics|academia|JP|Asia
tohoku-nlp|Tohoku University|academia|JP|Asia
SakanaAI|Sakana AI|industry|JP|Asia
sarvamai|Sarvam AI|industry|IN|Asia
ai4bharat|IIT Madras|academia|IN|Asia
aisingapore|AI Singapore|government|SG|Asia
ai-forever|Sber|industry|RU|Europe
speakleash|SpeakLeash|non-profit|PL|Europe'
WHEN 'size_class' THEN
-- label|lower|upper (parameters; upper not included)
'below 100 M|0|100000000
100 M to 1 B|100000000|1000000000
1 to 10 B|1000000000|10000000000
10 to 50 B|10000000000|50000000000
50 to 100 B|50000000000|100000000000
100 to 250 B|100000000000|250000000000
250 B and more|250000000000|'
WHEN 'family_rule' THEN
-- family|tag|name_pattern|roots
'Qwen||[/_.-]qwen|
Llama||[/_.-](code)?llama|
DeepSeek||[/_.-]deepseek|
Gemma||[/_.-]gemma|
Mistral||[/_.-]mi(ni)?[sx]tral|
Phi||[/_.-]phi-?[0-9]|
GPT-OSS||[/_.-]gpt-oss|
Falcon||[/_.-]falcon|
BERT|bert||
Whisper|whisper||
Stable Diffusion||stable-diffusion|
FLUX||[/_.-]flux|'
WHEN 'developer_kind' THEN
-- hub_kind|kind: kinds of organizations on the Hub
'company|industry
university|academia
non-profit|non-profit
government|government
community|community
classroom|academia
user|unaffiliated'
WHEN 'task_category' THEN
-- tag|category
'text-generation|language
text-classification|language
token-classification|language
question-answering|language
summarization|language
translation|language
fill-mask|language
feature-extraction|language
sentence-similarity|language
text-ranking|language
zero-shot-classification|language
table-question-answering|language
text-to-image|vision
image-classification|vision
image-segmentation|vision
object-detection|vision
image-to-image|vision
image-feature-extraction|vision
depth-estimation|vision
text-to-video|vision
unconditional-image-generation|vision
zero-shot-image-classification|vision
automatic-speech-recognition|audio
text-to-speech|audio
text-to-audio|audio
audio-classification|audio
audio-to-audio|audio
voice-activity-detection|audio
image-text-to-text|multimodal
image-to-text|multimodal
visual-question-answering|multimodal
any-to-any|multimodal
video-text-to-text|multimodal
document-question-answering|multimodal
time-series-forecasting|time series
tabular-classification|tabular
tabular-regression|tabular
reinforcement-learning|robotics and control
robotics|robotics and control'
END;
COMMENT ON FUNCTION hub_sync_starter(text) IS 'first contents of a reference table, fields separated by |';

-- Fills a reference table that was just created.
CREATE FUNCTION hub_sync_fill(target_schema text, relation text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	fields text := (
		SELECT string_agg(format('nullif(v[%s], '''')::%s', n,
			replace(substr(c, strpos(c, ' ') + 1), ' NOT NULL', '')), ', ' ORDER BY n)
		FROM @extschema@.hub_sync_relations() r, unnest(r.columns) WITH ORDINALITY AS u (c, n)
		WHERE r.relation = hub_sync_fill.relation);
BEGIN
	IF @extschema@.hub_sync_starter(relation) IS NOT NULL THEN
		EXECUTE format($q$INSERT INTO %I.%I SELECT %s FROM (
			SELECT string_to_array(line, '|') AS v FROM string_to_table($1, E'\n') AS line) l$q$,
			target_schema, relation, fields) USING @extschema@.hub_sync_starter(relation);
	END IF;
END;
$$;
COMMENT ON FUNCTION hub_sync_fill(text, text) IS 'fills a new reference table with its first contents';
