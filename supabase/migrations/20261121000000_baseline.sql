-- Compiled by scripts/build_migrations from the files below. Edit those, not this.
--
-- eec958b26cb15a17e01262c887826bddddd8dbb144a2ea353a68423150079e55  sql/00_foundation/schemas.sql
-- 6c1c374a1e8b4bad5169b1f582820a2a7e70fab9c253297667ba06be63218bf8  sql/00_foundation/clock.sql
-- 7fe09c2048363b999f78acf372c6a3d03befab49a9d1fec9a45cc146ce32e20b  sql/00_foundation/uuid.sql
-- 67fd8349241630d86fe1dab741f7f463ab40a08e68b7f387b2788c9f2166f235  sql/00_foundation/errors.sql
-- c626590da56425bce760f9d6174b411ad32498808aceeffa2208ba62230355e1  sql/00_foundation/append_only.sql
-- 89cc2c392fd8fa67f8560fbd65fd63c191a98ff5751e4b83091a55c5d776a167  policies/00_baseline.sql
-- 09d7cd80a9f92894e8e36a2cceb3c4eec42bc48ec12b1694dd0dda73d66aca46  sql/10_tables/workspaces.sql
-- 72001345d59c5b2d0fadd8cbe2918e4c6e117af7c972e56657c68201a7356661  sql/10_tables/members.sql
-- 024037a9ecaf83b76c2fb82526336de92b86ea99670c8f3d04178774c48737bd  sql/10_tables/environments.sql
-- 97cd08dbd67789fe6227d1588ca991765a5d5b2ba6d7a234add924c905ef54aa  sql/10_tables/api_keys.sql
-- ef428e605b875d6472fd9323e9b4122693b3e3ab2ff29cfe26ccbbe4f24062f9  sql/10_tables/invitations.sql
-- 3e46c12df6e241479e3c80c2135db7cdaee13891686d6b90c8f17a9550723dee  sql/10_tables/capabilities.sql
-- f006227dd594d9d53bf9defa3fa1bfe7dabccb55f4e7c40479c4108c638ec270  sql/10_tables/intents.sql
-- 95787bc6b7d913f1e8a2b873ef2bb4e2702b2c1f7c1b0da81b625e6110d6e7de  sql/10_tables/prompts.sql
-- d0e80bcf53427a4c6d31090368222dab7d7f7937a741ac8504c381abea9ebeaf  sql/10_tables/prompt_versions.sql
-- 57c41dd4064af8a03d55050763fc385ff57f00c32d903b990c0331c2c6cafa6f  sql/10_tables/tags.sql
-- 4366545c31d6e72aef8ea5fdbe78041c1c6842e030558261a35cc532b53708af  sql/10_tables/prompt_templates.sql
-- 03ab093c70adaf7dd28f63815c61b387833d1608e617fac10fca9a3383f935c6  sql/10_tables/outcome_metrics.sql
-- 03ff04aeb1f683b6d0fc4c4a34d959960ca0d6ca58b3f5ccbd876c106f3a83aa  sql/10_tables/layers.sql
-- 711a765ea7ff712b0e5a6e43a4a3285061c6c03a9c76d84beddc8387dba58e3e  sql/10_tables/experiments.sql
-- 23f22889d88ae7fc781231671e5894a3320741e66abafc2f9071b859df86c814  sql/10_tables/variants.sql
-- 7ebe22dccad840c9d8eb76e37d01bef82b864a8955bb206505e51df1e1a89831  sql/10_tables/rules.sql
-- 1dd97c0c67167d0a214188ea2bffa0f70b628a0c70e0eb13a54b959a90f05735  sql/10_tables/factors.sql
-- fc11d873b3fc02db10cace8f6c8f49b930815473c9151c2acbb97a7a6147756c  sql/10_tables/experiment_templates.sql
-- b06146cc75a9d142e2a83bd6a9c8a87051932069d26b625c7e714fbd12d1d204  sql/10_tables/deployments.sql
-- f3579f49886b0978ace2758b6a480d053c1c6fc9471eac908b297f0154ea701b  sql/10_tables/ramps.sql
-- 4cf48627483a56714072ce608099159ea05ff392c7f71cea207820367a2626c8  sql/10_tables/assignments.sql
-- 56c27d5b24f1901a93011203298e4baf498edd904d0f365c78b8237ab1fae865  sql/10_tables/inferences.sql
-- a4e775d1fed6b8de67e8431e51287ccf101f02497ba9525a007429e447ea96c4  sql/10_tables/outcomes.sql
-- 55be4cee83609abf9e42b4499bd13eea0949200dd1dcf1946229652157492e22  sql/10_tables/units.sql
-- 57e8c75b77aefc85da0e180d9baac827c433cc060e0b131d743c08bf0769a79b  sql/10_tables/moments.sql
-- 730be70ec7ba17b87db0ce011ae473ae7f483672162005cf9898491f2cfdaf8d  sql/10_tables/changes.sql
-- d57253c551e300972068bbdc9b231991c74148c9eb78fb9d1cb1a27bc5818689  sql/10_tables/experiment_results.sql
-- 24ac6e1034887288846dda6a147588489894a13a4ae27f67dbafde25ce8146f6  sql/10_tables/provider_keys.sql
-- ec576e1ceb136b0e6e3f424cdb7335e53a88d4baed25a032d0c94c7d96410500  sql/10_tables/runs.sql
-- cc7ece4b41e46425e71929f3b1d5eda6b6dc8275b69293cafa525f500329c829  sql/10_tables/jobs.sql
-- f0b44ea929558d69d9b1dfea3e68f92cce583c64789cc19a3b996646d678f3a5  sql/10_tables/audit_events.sql
-- 548ad7127cf826f6135e87c05a5afe530cbf2b9d94934fa7264077b7b17b8c10  sql/10_tables/approvals.sql
-- efd3ea4672e214bdb6a3507841ca42b1617823501d8400df2412073b7eeb41a6  sql/10_tables/comments.sql
-- c830481b96c0140358c1fc23ca49eda0ceb7642b194213323fd815076626a640  sql/10_tables/notifications.sql
-- ac54979d30a6198f3edc9cf749a8c9f7876c4a230f4c21e35159a1026a25d5ee  sql/20_functions/stats.sql
-- 2039bc8edd33fdbe7b7fb4a6567127edf3c98191f5f12a0ead713a44191590b8  sql/20_functions/stats_readouts.sql
-- b6632284c66ba493ed888c37c26add90801df748f0a3a3e243a507fb38d3e497  sql/20_functions/stats_contrasts.sql
-- 63d57911cb512302f79a6db55311b80a0fd6d2504e763aef1bd4f2f14ae250d8  sql/20_functions/stats_power.sql
-- c3aea8fe365bde1bd3486c2748171fa622f0e6424ce20eb047a28f6afbcfe900  sql/20_functions/identity.sql
-- 07c198dd26a04a75cb4523897b7f623fafd26b48f8e4b7f16d4ac25c0b7343ea  sql/20_functions/arguments.sql
-- 2aee91c2617318ccd7c5a129ec2fef0eaf6704d242e12528c438a72e9904cf87  sql/20_functions/api_keys.sql
-- d19a3a6c60693259a00d5a90cafc47d75f370534bc4a8cb1957fd8ace8d3cdf1  sql/20_functions/invitations.sql
-- dcf52d6a52e3187f13ebf4c6ec6d9200e33fecb9eb5597cf07da362ef3f3e7e8  sql/20_functions/members.sql
-- e922b0f24ddaaabcaa2db94073a6f79fa2e64bf71fda6cea5c0ae45641b20d4e  sql/20_functions/hash.sql
-- ec0de9526015e9d9f612a0f8bca2cd6a66a980e8db833aeb1cc4d5923516a8b9  sql/20_functions/audience.sql
-- bc3a84ed9356dc7534709fb322c44ba2866db39633f731ca8d0d1137795877e2  sql/20_functions/layers.sql
-- e80e7231cd2af67e1a78558a3c642f518a96217400904411135b5f73541091ba  sql/20_functions/scopes.sql
-- 3cf81957c82d1975bf3b165ffca1500607e9206b65bd18b717200dde334db5be  sql/20_functions/experiment_templates.sql
-- 212db97b165818ffbddd2c7401a1fe07744d0aa5553dba2d4ad4f4159b18a0b0  sql/20_functions/workspaces.sql
-- 85f1f7c5fa43dca33db0641fbf504c6e951f65ac97e891ec43d4002a8a1c4e8b  sql/20_functions/alignment.sql
-- 1915eed2a16c622ea8b3baf67b76907c89d74b263844cb163624d65b238947fb  sql/20_functions/rendering.sql
-- d12ca3c0524a907bdff8ad3cc5706cf85f52622bafda515951bc52b37665446f  sql/20_functions/bundles.sql
-- 759dfb57039e6ca387ca78c9e1774e0604c9320ee738317db62bc04f434835a4  sql/20_functions/tags.sql
-- a0004ff8a193f4cc5ba2c48522c49ddf9920b905a93b8531ec021af991bdea4e  sql/20_functions/versions.sql
-- cb04b399455cb593f11f6a3063f36302c3539ed546c7fd8aa0eaa49aa8a3edae  sql/20_functions/version_fields.sql
-- 2d78ba4b2cec790bd75a6ccb3ed95b0a3f40314bdd156164790f16be84ac533a  sql/20_functions/version_diff.sql
-- f60a0a06979363d52b6554c310d816920feabcb41d4e36f3efb732b6c0c2b3bf  sql/20_functions/message_diff.sql
-- 8fef5d777702e475e10db6e7793778fff0ba7a928dfe5ed96bba791189d3b8dd  sql/20_functions/merging.sql
-- 465ad172d1a7a0e397ca878b5d4a1129263998cc4bd5ddebfccd795429a44b29  sql/20_functions/merge_messages.sql
-- 3ba38e97f36c11d5818b111a1b8fe681ca515ae6ec87c3de8162d8bead738bc0  sql/20_functions/merge_bundles.sql
-- b153847d518aa0a3a94ec6af9bbd3568433c322b85f7283f6b40b8667521d797  sql/20_functions/branches.sql
-- 86d1c5f643f8c55e1ff0179e549a02e34d596d3bddb32d882586c9eec769ed08  sql/20_functions/version_log.sql
-- e26a19a0a223c717429fa8ae2a061172cca731f925e8e7a160e184e98e74e225  sql/20_functions/merge_branch.sql
-- 48c0e5174dac20b2e4f99ad5811c09f06c059252066f949b2d73c6b9273631ac  sql/20_functions/forks.sql
-- 2c7feab5fa08da3e492bc51494406126aee2d56359f162b5422c74db4433143c  sql/20_functions/prompt_templates.sql
-- 3971889a3a569bae94d3dfe9ac5c0c6ff75b9928cf21a9a9aa59bd13a8c9ceb5  sql/20_functions/lineage.sql
-- efe07a19a4a8dc140749a01fe813edf4bd91b899bb342d783d9390fd854a3c2d  sql/20_functions/changes.sql
-- 22ec4edc06e09cd1f3097b6ce1450d089d4ff0cc22866ac7af325c8ba6c9277f  sql/20_functions/deployments.sql
-- d08bfff7ae48154a1d05cfa8e2d2a18cb5979bc6905f671d099118692cceec16  sql/20_functions/rollbacks.sql
-- 081d205b60f964797b3fb430d0acbb360a49c4fad3fe10512c6d032c166adc69  sql/20_functions/rules.sql
-- 677d1a44b2232c6f2636088403c0887b12700f75fe3881985d9bc7d7399ab658  sql/20_functions/decide.sql
-- 3cb0528409788d19a3bdacea148b819c4918f0e6c458eb256fbf6f40d58310c1  sql/20_functions/experiments.sql
-- 8ed800b7923780c5d52d9f7593174f19702e4e2809daba89b9b6e93567fc2173  sql/20_functions/variant_restores.sql
-- 4b60333d14f81dbc5293c9993c001d89cea93a671c42f5ccf9a5f5e9631f88c2  sql/20_functions/ramps.sql
-- 818540d59ba56aba5ad020d00b64b6a3b53a129d514358485d6dbb25adff76e0  sql/20_functions/ramp_moves.sql
-- 29a00e7dd93248941f954b4728931c58965f36fa5361a473a1ed178214fc09a1  sql/20_functions/folds.sql
-- a8d0a2f340ea20e378a974df32da73c206332b4f7886d549812206dc5f51ea06  sql/20_functions/previews.sql
-- 22bb32c7984cd7a96b431c643c35ded51d70483a650bd5438567ff5b01e9b285  sql/20_functions/ramp_ticks.sql
-- a4f9fde2c814fe749e17f94d614eef39d7e6ee2726e68d35bc7c6e9a5704af64  sql/20_functions/experiment_document.sql
-- b74a76844c76dd9c419b7456dbfdbf8b07b100955dd46b4c44b22e92e0d36b61  sql/20_functions/experiment_fields.sql
-- d06a623b4948edb9af555d95b815463e7e31d22028ca7c03a005f8f2a3aa76b7  sql/20_functions/experiment_parts.sql
-- 89bb0135fd151de4d730201f3b8a8507f9e2e4c97dd9ed08b8dfe0b54a1dffb5  sql/20_functions/factors.sql
-- 14dcf6e8450a406e6bc9b82c171594c2e297a9ac2b36e08f1404c59b72c94a40  sql/20_functions/experiment_edits.sql
-- f546123289d73f231f91b4a577b9ed73535ad460ca1351a69b7bbc0d6566d15c  sql/20_functions/ingest.sql
-- b26430a1a7f7827ad8eb4b7aebfaf7a680e5c389298f17fc435d3c15550fa43f  sql/20_functions/explain.sql
-- e3dccf0495a6ba700e3dfa660552646fd5445c8c24f394fc6938d1c757fa26a9  sql/20_functions/ruleset.sql
-- 06a21c23fd92042991c681f0d757a53b43b7d9e6921683b270ad97b1ff19a0ef  sql/20_functions/record_exposures.sql
-- 06f75c3729166f0e89ae56f3045beaa80f9f99b05aa131ae8e4a04ae29f5f83d  sql/20_functions/record_inferences.sql
-- ba5eddb07206f01eb6d614891d06b638bdc0678608dd6e188af28d9e091b5760  sql/20_functions/record_outcomes.sql
-- 0fd7541dda07319ad1ef74c34219cdc1c3ef761f203d4d880fc2a0fb50bec7f6  sql/20_functions/provider_keys.sql
-- 8d2d58c3ea582f8a94332626fa5b2afc3dcbf619df373fc668acb3fa601370ef  sql/20_functions/jobs.sql
-- 8050763426d3028adce818a7c6e76fc83c29e1998f894c6b789581e35c12eb6d  sql/20_functions/runs.sql
-- 62af85c7d66b137afca956df1d078623883a562439845b421cbea5ef5b56df42  sql/20_functions/audit.sql
-- bb5c0406cf4f46496880bc202a63dd1afdd364db6be731d31904db803bdbfaf4  sql/20_functions/approvals.sql
-- a575cec01f4e9f61a6f93bdcb70e9d0c0e72b64e793ec63583fbd92f08d45b7e  sql/20_functions/approval_verbs.sql
-- 16d56d4f37c71113b5f7aed42f8d8a5d116b95ed7b5ad5617fb2d125820f1505  sql/20_functions/objects.sql
-- b7b0e263cc58818ca85fa7eefa950a232c9482584321c0277461591ac21c397b  sql/20_functions/archive.sql
-- 72065dc7e0a6c619107e736f7667db2acbcc688572af9f27bb438eb64a61c0d9  sql/20_functions/experiment_results.sql
-- a12fdee81b893f5d1f02d01ca896f5a054534fd1f9bdae759818ffe9e88775d8  sql/20_functions/timeline.sql
-- 8e408e7b211a43920e7b8b273126229c72516ef89ef88d664908833e85b9113b  sql/20_functions/comments.sql
-- 5462c0b60dffaf40c1d729405973182d2088088f4fa5418abff633e1b905fcc1  sql/20_functions/notifications.sql
-- e3b9a7739b9f7ad6c4882d903a35d055e32d84e86682b944b17378d2b36f5a3e  policies/05_predicates.sql
-- 1e1a7ff25fc469eb391dbfa0bb58b82145714a624d8b3926bb0613524f605af1  sql/30_triggers/append_only.sql
-- 1dd962d44145a3949cba46bc46dd1f29b521182ebca8f6de82b13d1e176dd5f4  sql/30_triggers/approvals.sql
-- 5f3a371a0c8aa0d8578e710131e0521544e908effc97eacc9433099897eb64f9  sql/30_triggers/archive.sql
-- 1b4d728701b4c78f5f81a9cb05b2273873783d01fcce70237e2c39500279644e  sql/30_triggers/audit.sql
-- 3db853c7fbfae9e2e20a073e44ca9c92e73a0d9fd3e4f6d76d6a4a82d1173683  sql/30_triggers/branches.sql
-- d476e5e852454b3dfbc759a300c52c479aa1eef1f1b7453fe770e97f7d72039f  sql/30_triggers/deployments.sql
-- ec8489c1554b389abc3d96a67203981db52e86a380eb579d8c4440bad018a974  sql/30_triggers/experiments.sql
-- 9bad193fc7de97e59afbc670ba0971ba0ade2cf69aef8ba10d85f7d26d4fbef2  sql/30_triggers/layers.sql
-- ffd68233e3127239524f7b775479814e0633b7a6f312386f908087c437ea4653  sql/30_triggers/members.sql
-- 26960dba601e1e9391c9c78631ed61ae039917e7d94522ce9235336bc1ebd2ee  sql/30_triggers/notifications.sql
-- 951dacd9a252e997de5797a0b0d1ce9361a5b5faaabef5f3cb6aebc0b472700c  sql/30_triggers/prompts.sql
-- ed21c7be3966a7a78f5f93caf99ad168d5d9378781db742c39d9873b33542ae0  sql/30_triggers/ramps.sql
-- 444dba9486cc0776eb56d882566ca3e136b3255fad6cfe7527598a76d469c75c  sql/30_triggers/rules.sql
-- f491921ca34392597ce58f01a210080b22694a221aab1d8853cbdc77590dd722  sql/30_triggers/variants.sql
-- 47cab0e260b47b2f9aa7e2a081c66c5687e470ab5c66a67130b95efb959ed990  sql/40_views/live_deployments.sql
-- 1da2840f41c327f75dac14b3492f211443f528a2ba72a20c31f40bf408edea99  sql/40_views/timeline.sql
-- e9be7698b58d713ccac9090a81df670f8c59e4dcaa66907657e0abf20295c765  sql/40_views/version_lineage.sql
-- 8d2e235c08f866c3a5bdb714bad59b57035f9e054e724734cc79524fffe41439  sql/40_views/member_directory.sql
-- cb8ff87b42fc6d8aea44f5cae7df856263a41677284c8290a6323281cce3f116  sql/40_views/experiment_health.sql
-- bcf17eb40906d5bb86c696663c7fab16dbd2b37afab14c7332cbbac8294070fd  sql/40_views/placed_outcomes.sql
-- 671d1959fd351ff0dfb00745c3614332b77a155916aa108e66b741866f1a50ac  sql/40_views/unit_exposures.sql
-- 3703a535f897501613d9dfc5bdc0365b406ccc610fd5c981076f67dfdd8af58e  sql/40_views/counted.sql
-- 18547081ff0dd9f23f2361bf2e71d47012fba26b57a5a50c82fb0a27a321c853  sql/40_views/experiment_effects.sql
-- 60a2e70b59aaede7be1e629c9b98fdb88ef990f3bf46fe8c6c5238d2a4bc1036  sql/40_views/ramp_guardrails.sql
-- dabb42c2ac391e69aeb951a0de7a91888216513010cea037d5e2e479b33e927b  sql/20_functions/folding.sql
-- 91dd60feb3b3f19c95ec0d9b7e8aa8add21dbd2fc5bc417abc685f76db0c1288  sql/20_functions/places.sql
-- 19ac9968baeb970933ad066dc91518b7e91f58188d4d91f91766c07c2c3fd824  sql/20_functions/moments.sql
-- 18c3582eaa5e1471d125b62913c50a9092737ff1a2edc811b2efdbe809f51477  sql/20_functions/rebuild.sql
-- e6bbceaf5b40ef32d48280f7c4c29b8378a0ba74cd02fb5ea2370f4292f839e2  sql/20_functions/compact.sql
-- 904e10dc03c40d8ea072ff12f5c1fcd6795afa6ec5cb886355350f4154cf5c64  sql/20_functions/preview_effects.sql
-- 2ad4960f8e253f17271c621064277118ee36763503a8334a689041deb192bf25  sql/20_functions/experiment_power.sql
-- b65902df90e8854e66dac7c0c39d387f01b0fec24a4bc34a26ff149a142ee038  sql/20_functions/experiment_checklist.sql
-- 6f393f6f9245db11bcfbedd3c6e30dc987013d67b8e502eea45082f88f04064c  sql/50_rpc/api_keys.sql
-- 48eb886061c85a6ac7e3163367b8f96511bb32b8c55727fff873b75cc2bc429b  sql/50_rpc/approvals.sql
-- 46ec993863cb4e062c763055765fa8973902990a6816ef7a92f10b76fd27804e  sql/50_rpc/archive.sql
-- e004f34d3ba6f6852a3cf285c43782cfc2f4738a6f92f2fe29bd5449501761e2  sql/50_rpc/branches.sql
-- c0a13b90a2878dbdb3effdd4ff9b34f49433faaa716d1afa2cae1e731747f228  sql/50_rpc/comments.sql
-- 0c973e5a80f549df0cd38ca0c433c881149a01f3fd23c52e08b879e5e3100f30  sql/50_rpc/compact.sql
-- 06669a45247853fc8362b6ee48da07da66dc66e780801c53af8ff01de6420aea  sql/50_rpc/decisions.sql
-- 2d23bc11d0cf148afa0a881bcf11f0d72e1439e1fa635cb7c815ac3761f7e3e9  sql/50_rpc/deployments.sql
-- e12f327a7f040889b4e5f962e97dd64511a248b38a873211a99e916a86b6c243  sql/50_rpc/events.sql
-- 884372344178b11e76743c3dd3ef92035552dbf1fff8915fba56ca259c0c832c  sql/50_rpc/experiment_documents.sql
-- f91373ec4c2a3a23ddaa8f87d715b80fb8289e0565e524e20c45b805b647e371  sql/50_rpc/experiment_templates.sql
-- 3f79b0e1ce283cca7b61b0e9608959910684ce962a6cfb0180aeda1533b97659  sql/50_rpc/experiments.sql
-- a901d296ca3c05756aa8bf25937053949d3371b7185cb2e634056b518f83cf06  sql/50_rpc/jobs.sql
-- 8697a9e7ee8bc5520d16c356193e133f65dc2a5b02deeab5282ff6678b543cf5  sql/50_rpc/layers.sql
-- 80350cee1b81a77ab2dae5f39c81e78f5341245c28c3931ef5d7be93b72e2001  sql/50_rpc/notifications.sql
-- abb3ead3a64e4430232e022a964373e1c4e7ed42d0a48ee2837211091cd8fafd  sql/50_rpc/people.sql
-- 365438f3b4608ead98fb682357bb278d5e93af2c656381d4f95f1c72a823b03f  sql/50_rpc/previews.sql
-- 3e3b8dfc363ee79c438582ab4ce08d675db07f18837e59a16ece017bb5ca3505  sql/50_rpc/prompts.sql
-- 190c77db9b129a53ae54644f84dd403e562dce9579dc1cce85fde845a1126a92  sql/50_rpc/provider_keys.sql
-- 8d95f88a74ac194cc628011c78c7fc8223e93e8447b850b4b1886562fb506ca0  sql/50_rpc/ramps.sql
-- cbe029531b837de29d98dc129a3d74a23317e9f00c098b61bfc7ead724a6b52d  sql/50_rpc/results.sql
-- bfec9ed07a4f7456c23b18d3a37d3a9cf84ce230465be391db093905b4feb83f  sql/50_rpc/runs.sql
-- a84f0098e18684dc6a0ad7e7388219d3c8a9daf060ead977d60c8f05f036f1d6  sql/50_rpc/tags.sql
-- 2b39bb8550f4a556c16f40adfb58f51443c67fe38d8650c87b7b7b9321f20132  sql/50_rpc/templates.sql
-- 6ff127facac9f3936af20331194f01f870500e011699a6d98a31b7eeb6a98bc9  sql/50_rpc/timeline.sql
-- dbd45578e42f539850a9f545edf914437c7c05658b98d621ee2062de0d3ef82f  sql/50_rpc/workspaces.sql
-- 5b6a4b99ce56fdf7e05b2a1f8033fac1905648e2dfb7754c7e1c277c9f96e0a5  policies/tables/api_keys.sql
-- bae8852dca7dda373a54596fe3fd6cbae1dc0a3ffe7c4d1b704b01ec21321cfb  policies/tables/approvals.sql
-- b152da3590f74eb72c3937e895af4faf04f5ece3594c81d4b6e5f6d618fbe0d6  policies/tables/assignments.sql
-- fe51b9773a3128cf550375bce97033d0c3dc4fc88017973e3dd5bad7ae78bf7f  policies/tables/audit_events.sql
-- fa2ac045cedd61935a1710a0eb1c94f4dc4706d8ae8bc8cd430a666abccb6dc9  policies/tables/capabilities.sql
-- b2bc9d731d27c1c4fcad35f3e7f3a98d250f5f240596650cb0eac05c5f6694af  policies/tables/changes.sql
-- 8ed15d9d027a753adc896e94af18285d43d4a81b079ec09e939a403634b3e9c1  policies/tables/comments.sql
-- 6fa6ab66b9b47c0b5ecf10e4bd3430147eb653665ed511f9fb185667dded4241  policies/tables/deployments.sql
-- 8c184b8a009fb5bbd45e0bcedb9162e637f38673f141070d87023df69ce67d9a  policies/tables/environments.sql
-- 689ca07a4d218a1cad17483d5214a345dedc7ab68ea9c855603edff8f286096b  policies/tables/experiment_results.sql
-- 73712daa734e96d5d5ef34f3f6d7033d3dd958b7764003b39b39039d0be830c9  policies/tables/experiment_templates.sql
-- 83aa144327e1eb32652756e7e8f4469685e9e52a94c2425efbd64102a7ece18b  policies/tables/experiments.sql
-- 99432672d4c161b0f77bedfc7feadb772bc96dfdd2f676d553f40ba2e52a62a3  policies/tables/factors.sql
-- e41ac33a4e3e66d2bd45d583695d717ded2243a5992b19161f72177b934b1a8e  policies/tables/inferences.sql
-- aa93128429f5c6d8ed2a930f6a3f8da0ded84623f62bcb7854df3725bec31c26  policies/tables/intents.sql
-- 7647f7e52a3df436ac37eedba66cbd15add55ae3a70c1abb3ca6da3f64978f8a  policies/tables/invitations.sql
-- 18574f359cb828e06f8613dbf2508d4a67e4b116b5bdf797f8a0034f6e384491  policies/tables/jobs.sql
-- 6484166e4595a71a1435361755f877857c8a05904c115af700ac284c89b8cb2e  policies/tables/layers.sql
-- 7429d38e9973aad3b058ba324986cc51ebb3692f617972cfa75f63f8d714ff45  policies/tables/members.sql
-- b83d532d0b7edeaedb25b4cb404145e0ce86844ee3eae839bca01bb1c0aa89cf  policies/tables/moments.sql
-- 59a351c524634186f73b16d082a1c501038d4d59a76a8616be7223e4e0ab46a2  policies/tables/notifications.sql
-- da90987b44119a7247d5c7b2f4a41029124f1efe2492c21080c930260e092030  policies/tables/outcome_metrics.sql
-- fde7d8896bb0d94ec840155b0bb4c9ec16f7a7f73e8d2caec165d25a6ff5e815  policies/tables/outcomes.sql
-- d2171803a0a156136a8cdbe317ab382a31a48623a6838889423f4c05185e0feb  policies/tables/prompt_templates.sql
-- 28188d15f83f3af6dec26a50830137fc8b5ee0f30ceca5dd81fd585c474094fe  policies/tables/prompt_versions.sql
-- d864d8ff2628ae0717cfae08900ff1de2a9eda494e4cc68e0d2f824fc4547c3f  policies/tables/prompts.sql
-- b990c525bdd1e99e0c483494957395ad5ce0a04a6705499b20337b78b3e3efae  policies/tables/provider_keys.sql
-- 19971ec9eceb4c7b6af0b9c4322626ce5725593c268e4471b692bdffc274fcf8  policies/tables/ramps.sql
-- b1534ca8e3683ba2f7e3f52cbf98c362610d5bb7457a2d603d3e231c1af1a57d  policies/tables/rules.sql
-- 6586caf147ea888f3760a2dff3e9624d16ce47a49260d61d0588ef3729715eae  policies/tables/runs.sql
-- 57bac0f23307b489fc861653128e269f2e251595b4cc91bebc7f14257564cef9  policies/tables/tags.sql
-- c23942051d9b71651dabc99b84654839c6ac0024de66b8a32200f091d7b11c1b  policies/tables/units.sql
-- 276158461d1a446d8139bab643fca209fecb277a9c8104962ea0e231a3c77ca8  policies/tables/variants.sql
-- 998deec380389c2f67bfe60e86f274c08f14ec466bd07ce8c156dc5582708ddc  policies/tables/workspaces.sql
-- 30cc88c4cbd7ad268882e84564f349165ab428e530b26605b304775d4c9e097c  policies/85_environment_scopes.sql
-- 5b22169bd94674f1280aaf5dcc2116cbce269d3d9d97b750e0538de14b6872eb  policies/90_execute/00_nobody.sql
-- af413815ca1ee60d47ae77638e80df98425038031c9883e7781cab747a62243c  policies/90_execute/approvals.sql
-- 0af3b8909fe6679371e17bd148f47fca897e29d7549ffe24e42311132b829266  policies/90_execute/audit.sql
-- e9285c8e8f3c42031a2b53b95e8060280decdeb0fe440d83b2ecc74d33cbd730  policies/90_execute/catalog.sql
-- fc3de1e57e9b73bdd8cbbe34a202f70fb2a2ef43f0e52b556cb5fd3dbbbd8459  policies/90_execute/collaboration.sql
-- 224696d9951456ae67eea5c03c6c26bd2023633e981ff10b397d79f8fd19ef42  policies/90_execute/compact.sql
-- d15bbaf53c0dde5e0e361fd66c40063f82cfad76323c15b1a28cd5f9e32816a1  policies/90_execute/decisions.sql
-- 38b2084674727175e04ad0fa17284e476ce76b72cb993bfe630c436af48f7cc7  policies/90_execute/deployments.sql
-- 8887890c1519ec6bdb263137bb1dcc535435fb9db297253d32f946e5823a4207  policies/90_execute/engine.sql
-- 8c1f92c15dcec3fbf016602b76156f68a1c7511f00480d6029c63778ef3d47c0  policies/90_execute/events.sql
-- 7c183407592884dbe7f6a5fd22f8f7750f368cae8d5054b8bb51e75a6dd88bbc  policies/90_execute/experiments.sql
-- 65365368b3baa82e2491eb04e89c470da90c4e914f8ce11fb5ab306162fa5230  policies/90_execute/layers.sql
-- 783a31ea3547d1858f3d50df36715827ac9832a52288301ea95842c62b6b3c46  policies/90_execute/people.sql
-- 0c9ae778e4647006a839b953fc22d0f86881f8b26e4d8c6563667e497169be19  policies/90_execute/prompts.sql
-- 5bd082413e791e93a1bd8ed9d93b12ffbdecd3b7d5d7c31350d9f27defca73c8  policies/90_execute/provider_keys.sql
-- ff7f6bf0a45fe6b508630b2a634026ce231588e453565a3ea4ca045c1b6eb482  policies/90_execute/ramps.sql
-- 4a9006f6512774dd37284ea4c18740dc84e06f62116753dee6e9fe80794ec61c  policies/90_execute/results.sql
-- 28db400961236e2dbd9611d8c83e860cd9fdb7d0f260201186f4be4f42696622  policies/90_execute/runs.sql
-- f1b167441a7dffdb6b156d8817919d9c3bed8c2603facb05a46cac87dba44160  policies/90_execute/workspaces.sql
-- 8f0ecff0e162747762af00802d4d582804b002b10be4a836d785974de9168a7c  sql/60_realtime/hint_topics.sql
-- a0613be0885ea4068299d132c8fd9830e3871f8cada88a083028fc7229fae116  sql/60_realtime/hints.sql
-- e31e326cfa69d54951388c88956867b65dd6dc3dceeb72d1ab3d9cc1063d6e49  sql/60_realtime/result_hints.sql
-- 4af7c184d20ff0a22ef6435764be0f1ec3528a54b12261dad5e785002b076d36  sql/60_realtime/topics.sql
-- 07072a3a426d25b8b3db67c1769ffca5e778576716fb6fd68c3b4d1a950f484b  sql/70_gate/enter.sql
-- 70bf69618ffa9dae000a2be2fea2694b8209d45e58cf0feda0c28e3694545f4b  sql/70_gate/hook.sql
-- d734a661d02b1cb49a4ec0f1671f58ee79e7638f7ec2c155d9773da0d7407e76  sql/80_contract/graphql.sql
-- 2f4d636b369110f0c40faa242c4c2bdee6f311c0013c4fe8ae2fdf3b056d44db  sql/80_contract/guide.sql

-- ==== sql/00_foundation/schemas.sql

-- Four rooms: public is the API, private is the engine, stats is pure mathematics, gate is the door that PostgREST
-- passes at each request. Only public is exposed.
create extension if not exists vector with schema extensions;
create extension if not exists pgmq;

create schema if not exists private;
comment on schema private is 'Upshot''s engine: functions and state behind the public verbs. Never exposed by the API.';

create schema if not exists stats;
comment on schema stats is 'Distribution functions and tests as pure functions of numbers. Never exposed by the API.';

create schema if not exists gate;
comment on schema gate is 'What PostgREST calls before each request. Never exposed by the API.';

-- ==== sql/00_foundation/clock.sql

create or replace function private.now() returns timestamptz
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return coalesce(nullif(current_setting('upshot.now', true), '')::timestamptz, pg_catalog.now());
end
$$;

comment on function private.now() is
'The engine''s clock: the transaction''s start, or the setting upshot.now, so that a test moves time instead of sleeping.';

-- ==== sql/00_foundation/uuid.sql

create or replace function private.uuidv7() returns uuid
language plpgsql volatile parallel safe
set search_path = ''
as $$
begin
  -- One expression, because every transaction pays for each. A random uuid says version 4 (0100) in the high half of
  -- byte 6; with its low two bits set, which are the bits 52 and 53 of the whole, that is version 7 (0111).
  return encode(set_bit(set_bit(overlay(
    uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1),
    'hex')::uuid;
end
$$;

comment on function private.uuidv7() is
'A time-ordered uuid (RFC 9562, version 7): 48 bits of milliseconds, then random. Postgres 17 has none of its own.';

create or replace function private.as_uuid(value text) returns uuid
language sql stable
set search_path = ''
return case when pg_input_is_valid(value, 'uuid') then value::uuid end;

comment on function private.as_uuid(text) is 'The uuid that a text is; null when it is none.';

-- ==== sql/00_foundation/errors.sql

-- The registry of errors. docs/reference/errors.md is written from it, and a test keeps the two equal.
create or replace view private.errors as
select entry.code, entry.sqlstate, entry.message, entry.hint
from (values
  -- people, keys and workspaces
  ('sign_in_required', 'PT401', 'Nobody is signed in.',
   'Send a user''s access token in Authorization, or call from your server with a secret key.'),
  ('no_workspace', 'PT403', 'You belong to no workspace yet.',
   'Call create_workspace, or ask a workspace''s owner to add you.'),
  ('workspace_ambiguous', 'PT400', 'You can reach several workspaces: say which one is meant.',
   'Pass workspace_id.'),
  ('workspace_not_found', 'PT404', 'There is no workspace {workspace_id} that you can see.',
   'Read /workspaces to see yours.'),
  ('permission_denied', 'PT403', 'You do not hold the permission {permission}.',
   'Ask an owner or admin to give it to your role; a server needs an API key that was made with it.'),
  ('approval_required', 'PT403', 'This needs a review first: {given} of {needed} approvals by holders of {permission} stand for what would happen now.',
   'Call submit_for_approval for an experiment, request_publication for a version, and act once it is approved. An edit voids an approval.'),
  ('own_work', 'PT403', 'You asked for this or made it: somebody else reviews it.',
   'Ask a person who holds the permission that the request names.'),
  ('not_yours', 'PT403', 'Only its author changes a comment.', 'Reply to it instead.'),
  ('person_required', 'PT403', 'Only a signed-in person may do this.',
   'Call with a user''s access token in Authorization; an API key or a server''s key does not do.'),
  ('environment_denied', 'PT403', 'The API key is not for this environment.',
   'Use a key that is scoped to the environment, or to all.'),
  ('bad_api_key', 'PT401', 'The API key is not valid.',
   'Send a key that is neither revoked nor expired in x-upshot-key; create_api_key makes one.'),
  ('key_and_session', 'PT400', 'An API key stands alone: it cannot be combined with a user''s token or a secret key.',
   'Send x-upshot-key with the publishable key in apikey and no other Authorization, or leave x-upshot-key out.'),
  ('above_your_own', 'PT403', 'You cannot give what you do not hold: {permission}.',
   'Leave the permission out, or ask somebody who holds it.'),
  ('not_for_keys', 'PT422', 'An API key cannot hold {permission}.',
   'Name keys of /permissions whose is_personal is false.'),
  ('api_key_name_taken', 'PT409', 'A live API key is called {name} already.', 'Choose another name, or rotate that key.'),

  ('stale_api_key', 'PT409', 'The key has been rotated since you looked.', 'Read its prefix again, then rotate if it is still needed.'),
  ('api_key_revoked', 'PT409', 'The API key is revoked.', 'Make a new one with create_api_key.'),
  ('owners_only', 'PT403', 'Only an owner makes, changes or removes an owner.', 'Ask an owner of the workspace.'),
  ('already_member', 'PT409', '{email} belongs to the workspace already.', 'Change their role with change_role.'),
  ('invitation_over', 'PT410', 'The invitation is no longer open: it was {state}.', 'Ask for a new one.'),
  ('invitation_for_another', 'PT403', 'The invitation is for another email address than yours.',
   'Sign in with the address that was invited.'),
  ('email_unconfirmed', 'PT403', 'Your email address is not confirmed.', 'Confirm it, then accept the invitation.'),
  ('stale_role', 'PT409', 'The member has another role than the one you named.',
   'Read /members and call again with expected_role set to what it is.'),
  ('role_taken', 'PT409', 'The workspace has a role {role} already.', 'Choose another key, or edit that role.'),
  ('role_in_use', 'PT409', 'The role {role} cannot be deleted: somebody has it, or is invited to it.',
   'Give the members another role and revoke the invitations first.'),
  ('owner_role_stays', 'PT409', 'The owner''s role can be neither narrowed nor deleted.',
   'Edit another role, or make one.'),

  -- names that nothing bears
  ('unknown_environment', 'PT404', 'There is no environment {environment} in this workspace.',
   'Use the key of a row of /environments.'),
  ('unknown_capability', 'PT404', 'There is no capability {capability} in this workspace.',
   'Use the key of a row of /capabilities, or insert one.'),
  ('unknown_action', 'PT404', 'The capability has no action {action}.',
   'Use the key of a row of /actions of this capability, or insert one.'),
  ('unknown_intent', 'PT404', 'There is no intent {intent} in this workspace.',
   'Use the key of a row of /intents, or leave intent out.'),
  ('unknown_metric', 'PT404', 'There is no outcome metric {metric} in this workspace.',
   'Use the key of a row of /outcome_metrics, or insert one.'),
  ('unknown_prompt', 'PT404', 'There is no prompt {prompt_id} that you can see.', 'Use the id of a row of /prompts.'),
  ('unknown_branch', 'PT404', 'The prompt has no branch {branch}.', 'Make it with create_branch.'),
  ('unknown_tag', 'PT404', 'The prompt has no tag {tag}.', 'Read /tags for the tags of this prompt.'),
  ('unknown_template', 'PT404', 'There is no prompt template {template_id} that you can see.',
   'Use the id of a row of /prompt_templates.'),
  ('unknown_template_version', 'PT404', 'There is no template version {template_version_id} that you can see here.',
   'Use the id of a row of /prompt_template_versions of the same workspace.'),
  ('unknown_inference', 'PT404', 'There is no inference {inference_id} in this workspace.',
   'Use the id that record_inferences was given, and pass workspace_id if you can reach several.'),
  ('unknown_version', 'PT404', 'There is no prompt version {version_id} that you can see.',
   'Use the id of a row of /prompt_versions.'),
  ('unknown_experiment', 'PT404', 'There is no experiment {experiment_id} that you can see.',
   'Use the id of a row of /experiments.'),
  ('unknown_experiment_template', 'PT404', 'There is no template of experiments {template} in this workspace.',
   'Use the key of a row of /experiment_templates.'),
  ('unknown_variant', 'PT404', 'The experiment has no variant {variant}.',
   'Use the key of a row of /variants of this experiment.'),
  ('unknown_test_case', 'PT404', 'There is no test case {test_case_id} that you can see.',
   'Use the id of a row of /test_cases.'),
  ('unknown_api_key', 'PT404', 'There is no API key {api_key_id} that you can see.', 'Use the id of a row of /api_keys.'),
  ('unknown_role', 'PT404', 'There is no role {role} in this workspace.', 'Use the key of a row of /roles.'),
  ('unknown_member', 'PT404', 'There is no member {user_id} that you can see.', 'Use the user_id of a row of /members.'),
  ('unknown_invitation', 'PT404', 'There is no such invitation for you.',
   'Use the whole token, signed in with the address that was invited; my_invitations lists what waits for you.'),
  ('unknown_run', 'PT404', 'There is no run {run_id} that you can see.', 'Use the id of a row of /runs.'),
  ('unknown_request', 'PT404', 'There is no approval request {request_id} that you can see.',
   'Use the id of a row of /approval_requests.'),
  ('unknown_object', 'PT404', 'There is no {object_kind} {object_id} that you can see.',
   'Use a kind that the verb names, and the id of a row of its table.'),
  ('unknown_change', 'PT404', 'The timeline has no annotation or incident {change_id} that you can correct.',
   'Use the id of a row of /timeline whose kind is annotation or incident.'),
  ('unknown_comment', 'PT404', 'There is no comment {comment_id} that you can see.', 'Use the id of a row of /comments.'),
  ('unknown_provider_key', 'PT404', 'The workspace has no key for the provider {provider}.',
   'Store one with set_provider_key.'),
  ('unknown_ramp', 'PT404', 'There is no ramp {ramp_id} that you can see.', 'Use the id of a row of /ramps.'),
  ('nothing_deployed', 'PT404', 'Nothing is live for this capability in {environment}.',
   'Publish a version first, at the capability or at a narrower scope.'),

  -- prompts, experiments, deployments: moves that the present state refuses
  ('stale_version', 'PT409', 'Another version is live here than the one you named.',
   'Read live_deployments and call again with expected_version set to what is live.'),
  ('stale_revision', 'PT409', 'The experiment has changed since revision {expected_revision}.',
   'Read the experiment again, look at what changed, and call with its revision.'),
  ('stale_head', 'PT409', 'The branch {branch} has moved on.',
   'Read the branch''s head, merge your change, and call again with expected_head.'),
  ('stale_template', 'PT409', 'The template {template} has moved on.',
   'Read its newest version, carry your change over, and call again with expected_head.'),
  ('branch_exists', 'PT409', 'The prompt has a branch {branch} already.', 'Choose another name, or work on that branch.'),
  ('branch_unmerged', 'PT409', 'No other branch and no tag leads to the versions of {branch}.',
   'Merge it, tag its head, or call again with even_unmerged.'),
  ('branch_empty', 'PT409', 'The branch {branch} has no version yet.', 'Commit one first.'),
  ('main_stays', 'PT409', 'A prompt keeps its branch main, under that name.', 'Commit to main, or leave it alone.'),
  ('already_merged', 'PT409', '{target} holds everything of {source} already.', 'There is nothing to do.'),
  ('key_taken', 'PT409', 'The key {key} is taken already.', 'Choose another key.'),
  ('stale_tag', 'PT409', 'The tag {tag} points at another version than the one you named.',
   'Read the tag, look at where it points, and call again with expected_version set to that.'),
  ('nothing_changed', 'PT409', 'The bundle is the same as the head of {branch}.', 'Change something, or do not commit.'),
  ('already_live', 'PT409', 'This version is live here already.', 'There is nothing to do.'),
  ('revision_required', 'PT409', 'The experiment is {state}: its rows can be written one by one only while it is a draft.',
   'Call edit_experiment and name the revision that you saw.'),
  ('experiment_template_taken', 'PT409', 'There is another template of experiments with the key {key}.', 'Choose another key.'),
  ('experiment_key_taken', 'PT409', 'There is another experiment with the key {key}.',
   'Choose another key, or change that experiment with edit_experiment.'),
  ('move_not_allowed', 'PT409', 'An experiment that is {state} cannot {verb}.',
   'Read /experiment_moves for the moves that its state allows.'),
  ('experiment_started', 'PT409', 'The experiment has started: its {what} can no longer change.',
   'Make a new experiment from it; what was measured stays with this one.'),
  ('pause_first', 'PT409', 'The experiment is {state}: its arms can change only while it is a draft or paused.',
   'Pause it, change the arms, and resume: a new phase begins.'),
  ('layer_slot_taken', 'PT409',
   'The experiment {holder} is live in this environment and holds some of the slots {layer_from} to {layer_to}.',
   'Take free slots: read /experiments of the layer with layer_from, layer_to and state.'),
  ('stale_holdout', 'PT409', 'The holdout has changed since number {expected_number}: it is {number} now.',
   'Read the last row of /holdouts of this environment, and call again with its number.'),
  ('already_rolled_back', 'PT409', 'The variant {variant} is rolled back already.', 'There is nothing to do.'),
  ('not_rolled_back', 'PT409', 'The variant {variant} is not rolled back.', 'There is nothing to do.'),
  ('archived', 'PT409', 'The {object_kind} {object_id} is archived: nothing new can use it.',
   'Call restore_object, or choose another one.'),
  ('still_used', 'PT409', 'The {object_kind} is still used by {what}.', 'End that first, then archive it.'),
  ('superseded', 'PT409', 'This entry of the timeline has been corrected already.', 'Correct its latest version: read /timeline.'),
  ('request_closed', 'PT409', 'The request is {state}: it takes no more reviews.', 'Submit again to open a new one.'),
  ('stale_approval', 'PT409', 'This is not what you read: the request''s content is another one, or has been edited since.',
   'Read the request and what it is about again, and call with its content_hash.'),
  ('nothing_to_roll_back', 'PT409', 'Nothing was live here before the current version.',
   'Publish another version, or name one in to_version.'),
  ('nothing_here', 'PT409', 'Nothing is live at exactly this scope.', 'There is nothing to do: the wider scope applies.'),
  ('nothing_wider', 'PT409', 'No wider scope is live: nothing would answer here.',
   'Publish at a wider scope first, or another version here.'),
  ('ramp_running', 'PT409', 'A ramp runs at this scope already.', 'Wait for it, or abort it with abort_ramp.'),
  ('ramp_over', 'PT409', 'The ramp is {state}.', 'Start another with start_ramp.'),
  ('stale_ramp', 'PT409', 'The ramp has moved since revision {expected_revision}.',
   'Read /ramps again, look at what changed, and call with its revision.'),
  ('ramp_paused', 'PT409', 'The experiment of the ramp is paused.', 'Resume the experiment {experiment_id}, or abort the ramp.'),
  ('ramp_holds', 'PT409', 'The present step lasts until {until}.',
   'Wait: the worker advances the ramp. A person may pass force.'),
  ('ramp_keeps_traffic', 'PT409', 'A ramp runs as this experiment: what defines it stays as it is, and its traffic follows the ramp''s steps.',
   'Use advance_ramp or abort_ramp; pause stops it for a while.'),
  ('guardrail_breached', 'PT409', 'The new version is worse than its guardrails allow: {guardrails}.',
   'Abort the ramp with abort_ramp.'),
  ('guardrail_waits', 'PT409', 'It is too early to tell: {guardrails}.',
   'Wait for more subjects, or for the outcomes. A person may pass force.'),
  ('overridden', 'PT409', 'Narrower scopes answer part of these calls: {scopes}.',
   'Ramp each scope by itself, or withdraw the narrower ones first.'),
  ('nothing_to_ramp_from', 'PT409', 'Nothing is live here that the new version could be compared with.',
   'Use publish for the first version.'),
  ('last_owner', 'PT409', 'A workspace must keep an owner.', 'Make another member an owner first.'),
  ('provider_key_in_use', 'PT409', '{runs} queued runs need the key of {provider}.',
   'Wait until they have ended, or pass force: their calls then fail.'),
  ('append_only', 'PT409', 'Rows of {table} are history: {operation} is refused.', 'Corrections are new rows.'),
  ('event_id_reused', 'PT409', 'The event {source_event_id} of {source} was received before with another metric.',
   'Give every metric of an event its own source_event_id, for instance by adding the metric''s key.'),

  -- things that make no sense together
  ('never_live_here', 'PT422', 'The version {version_id} was never live at this scope.',
   'Use publish for a version that is new here.'),
  ('nothing_live_then', 'PT422', 'Nothing was live at this scope at {to_time}.',
   'Read /deployments for the moves of this scope; withdraw gives it back to the wider one.'),
  ('wrong_prompt', 'PT422', 'The version belongs to a prompt of another capability or action.',
   'Choose a version of a prompt that this capability and action run.'),
  ('control_stays', 'PT422', 'The control cannot be rolled back: it is what the others fall back to.',
   'Pause or archive the experiment instead.'),
  ('not_a_member', 'PT422', 'The user {user_id} is no member of this workspace.', 'Mention members only.'),
  ('experiment_incomplete', 'PT422', 'The experiment cannot start yet: {problems}.', 'Mend what is named, then activate.'),
  ('bad_audience', 'PT422', 'The audience is not valid at {path}: {problem}.', 'Correct the node and write it again.'),
  ('nothing_to_run', 'PT422', 'There is no test case to run.', 'Insert test_cases for the prompt, or pass their ids.'),

  -- arguments and batches
  ('bad_argument', 'PT400', 'The argument {argument} must be {expected}.', 'Correct it and call again.'),
  ('bad_resolution', 'PT422', 'The resolution of {path} must be {expected}.',
   'Read the conflicts that merge_branch returned, and call again.'),
  ('missing_variable', 'PT422', 'No value for {names}.', 'Give every required variable a value, or the variable a default.'),
  ('unexpected_variable', 'PT422', 'Not declared by this version: {names}. It declares {declared}.',
   'Leave these out, or declare them in a new version.'),
  ('wrong_variable_type', 'PT422', '{problem}', 'Send a value of the declared type.'),
  ('invalid_template', 'PT422', '{problem}', 'Declare the variable, or write \{{ for plain braces.'),
  ('bad_document', 'PT422', 'The document is not valid: {field} must be {expected}.',
   'Correct it and call again; experiment_document shows how a whole one looks.'),
  ('bad_bundle', 'PT422', 'The bundle is not valid: {field} must be {expected}.', 'Correct it and commit again.'),
  ('bad_batch', 'PT400', 'The batch must be a JSON array of objects.', 'Send [{…}, {…}], at most 10,000 rows.'),
  ('batch_too_large', 'PT413', 'The batch has {rows} rows; at most 10,000 are taken at once.', 'Send it in parts.'),
  ('bad_row', 'PT422', 'The row is not a JSON object.', 'Send one object a row.'),
  ('missing_field', 'PT422', 'The field {field} is missing.', 'Send {field} as {expected}.'),
  ('bad_field', 'PT422', 'The field {field} must be {expected}.', 'Correct {field} and send the row again.'),
  ('wrong_arm', 'PT422', 'The hash does not give this unit the variant {variant_id} in the phase {phase_id}, or leaves it out of the traffic.',
   'Read the ruleset again, and decide by its salt, traffic, arm_starts and arm_ids as the reference on decide says.'),
  ('other_arm', 'PT409', 'The unit has the arm {variant} in this experiment and keeps it.',
   'Remember the first arm of a unit, or ask decide.'),
  ('no_join_key', 'PT422', 'The outcome names nothing that it could belong to.',
   'Send at least one of subject, conversation, inference_id, key.'),
  ('bad_proportion', 'PT422', 'The metric {metric} is a proportion: its value is true, false, 1 or 0.',
   'Send one of these, or make the metric a mean.')
) as entry (code, sqlstate, message, hint);

comment on view private.errors is 'One row per error that Upshot raises: code, SQLSTATE (PTnnn is HTTP nnn), message, hint.';

create or replace function private.fill(template text, context jsonb) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  slot record;
begin
  for slot in select key, value from jsonb_each_text(context) loop
    template := replace(template, '{' || slot.key || '}', coalesce(slot.value, 'null'));
  end loop;
  return template;
end
$$;

comment on function private.fill(text, jsonb) is 'Puts the context''s values into a template''s {slots}.';

create or replace function private.fault(code text, context jsonb default '{}') returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'code', e.code, 'message', private.fill(e.message, context), 'hint', private.fill(e.hint, context))
  from private.errors e
  where e.code = fault.code
$$;

comment on function private.fault(text, jsonb) is 'A registered error as a value, for rows of a batch: {code, message, hint}.';

create or replace function private.fail(code text, context jsonb default '{}') returns void
language plpgsql stable
set search_path = ''
as $$
declare
  entry record;
begin
  select e.* into strict entry from private.errors e where e.code = fail.code;
  raise exception using
    errcode = entry.sqlstate,
    message = private.fill(entry.message, context),
    detail = (jsonb_build_object('code', entry.code) || context)::text,
    hint = private.fill(entry.hint, context);
end
$$;

comment on function private.fail(text, jsonb) is
'Raises a registered error: message for people, detail as JSON for machines, hint for the next act.';

-- ==== sql/00_foundation/append_only.sql

create or replace function private.tg_refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.fail('append_only', jsonb_build_object('table', tg_table_name, 'operation', lower(tg_op)));
  return null;
end
$$;

comment on function private.tg_refuse_change() is
'Refuses update, delete and truncate on history: corrections are new rows.';

-- ==== policies/00_baseline.sql

-- Deny by default. Projects differ in what they give to new objects, so nothing is left to their defaults.
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;

revoke all on schema private, stats from public, anon, authenticated, service_role;
grant usage on schema private, stats to authenticated, service_role;

-- ==== sql/10_tables/workspaces.sql

create table public.workspaces (
  id uuid primary key default private.uuidv7(),
  name text not null constraint workspaces_name_length check (length(name) between 1 and 200),
  slug text not null constraint workspaces_slug_shape check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  created_by uuid,
  created_at timestamptz not null default private.now()
);

create index workspaces_created_by_slug on public.workspaces (created_by, slug);

comment on table public.workspaces is E'The tenant: every other row belongs to exactly one.\nMade by create_workspace. A slug is unique per creator, not globally, so that a name taken elsewhere tells nobody anything.';
comment on column public.workspaces.id is 'Time-ordered uuid.';
comment on column public.workspaces.name is 'What people call it.';
comment on column public.workspaces.slug is 'Short name for addresses: lower-case letters, digits, hyphens.';
comment on column public.workspaces.created_by is 'The user who made it. No foreign key: history outlives accounts.';
comment on column public.workspaces.created_at is 'When it was made.';

-- ==== sql/10_tables/members.sql

create table public.permissions (
  key text primary key constraint permissions_key_shape check (key ~ '^[a-z_]+\.[a-z_]+$'),
  description text not null,
  is_personal boolean not null default false
);

comment on table public.permissions is 'What a role may hold: the fixed list that verbs and policies ask for.';
comment on column public.permissions.key is 'noun.verb, for instance experiments.activate.';
comment on column public.permissions.description is 'What it lets a person do.';
comment on column public.permissions.is_personal is 'True for what only a person may hold: no API key gets it.';

insert into public.permissions (key, description) values
  ('workspace.read', 'Read what the workspace holds: what a key that only reports or decides need not do.'),
  ('workspace.write', 'Rename the workspace.'),
  ('members.write', 'Invite and remove members and change their roles.'),
  ('roles.write', 'Change which permissions a role holds.'),
  ('api_keys.write', 'Make and revoke API keys.'),
  ('audit.read', 'Read the audit log.'),
  ('approvals.write', 'Say which acts need an approval, and whose.'),
  ('environments.write', 'Add and rename environments.'),
  ('catalog.write', 'Change capabilities, actions, intents and their examples.'),
  ('prompts.write', 'Change prompts, branches and test cases, and commit versions.'),
  ('templates.write', 'Make templates of prompts and experiments.'),
  ('metrics.write', 'Define outcome metrics.'),
  ('experiments.write', 'Draft and edit experiments and their variants.'),
  ('experiments.activate', 'Activate, pause, resume and archive experiments.'),
  ('experiments.approve', 'Review experiments before they start.'),
  ('layers.write', 'Change layers and the holdout.'),
  ('deployments.publish', 'Make a version live, at once or in steps.'),
  ('deployments.approve', 'Review versions before they go live.'),
  ('deployments.rollback', 'Roll back a deployment or a variant.'),
  ('decisions.make', 'Ask what to run for a subject; logs the exposure.'),
  ('events.write', 'Record inferences and outcomes.'),
  ('comments.write', 'Comment, and mark the timeline.'),
  ('runs.write', 'Run versions over test cases.'),
  ('provider_keys.write', 'Store and replace the keys of language-model providers.');

-- Who may do what, and the judgement of changes, stay with people: a leaked key neither spreads nor approves itself.
update public.permissions set is_personal = true
where key in ('members.write', 'roles.write', 'api_keys.write', 'provider_keys.write', 'approvals.write',
  'experiments.approve', 'deployments.approve');

create table public.roles (
  workspace_id uuid not null constraint roles_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint roles_key_shape check (key ~ '^[a-z_]{1,50}$'),
  name text not null,
  primary key (workspace_id, key)
);

comment on table public.roles is 'A named set of permissions in a workspace; eight are made with it.';
comment on column public.roles.workspace_id is 'The workspace.';
comment on column public.roles.key is 'owner, admin, product_manager, prompt_engineer, operations, engineer, enablement, viewer.';
comment on column public.roles.name is 'What people call it.';

create table public.role_permissions (
  workspace_id uuid not null,
  role text not null,
  permission text not null
    constraint role_permissions_permission_fkey references public.permissions (key) on delete cascade,
  primary key (workspace_id, role, permission),
  constraint role_permissions_role_fkey foreign key (workspace_id, role)
    references public.roles (workspace_id, key) on delete cascade
);

create index role_permissions_permission on public.role_permissions (permission);

comment on table public.role_permissions is 'One row per permission that a role holds in a workspace. Changed by those who hold roles.write.';
comment on column public.role_permissions.workspace_id is 'The workspace.';
comment on column public.role_permissions.role is 'The role.';
comment on column public.role_permissions.permission is 'The permission that it holds.';

create table public.members (
  workspace_id uuid not null constraint members_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null constraint members_user_id_fkey references auth.users (id) on delete cascade,
  role text not null,
  created_at timestamptz not null default private.now(),
  primary key (workspace_id, user_id),
  constraint members_role_fkey foreign key (workspace_id, role)
    references public.roles (workspace_id, key) on delete restrict
);

create index members_user_id on public.members (user_id);
create index members_role on public.members (workspace_id, role);

comment on table public.members is 'A user in a workspace, with exactly one role there.';
comment on column public.members.workspace_id is 'The workspace.';
comment on column public.members.user_id is 'The user, of auth.users.';
comment on column public.members.role is 'The role that they have here.';
comment on column public.members.created_at is 'When they joined.';

-- ==== sql/10_tables/environments.sql

create table public.environments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint environments_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint environments_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  is_production boolean not null default false,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint environments_key_unique unique (workspace_id, key),
  constraint environments_in_workspace unique (workspace_id, id)
);

comment on table public.environments is 'Where versions are live and events happen: production, staging, and so on.';
comment on column public.environments.id is 'Time-ordered uuid.';
comment on column public.environments.workspace_id is 'The workspace.';
comment on column public.environments.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.environments.name is 'What people call it.';
comment on column public.environments.is_production is 'True where real customers are.';
comment on column public.environments.created_at is 'When it was made.';
comment on column public.environments.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

-- ==== sql/10_tables/api_keys.sql

create table public.api_keys (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint api_keys_workspace_id_fkey references public.workspaces (id) on delete cascade,
  name text not null constraint api_keys_name_length check (length(name) between 1 and 200),
  prefix text not null,
  permissions text[] not null
    constraint api_keys_permissions_some check (cardinality(permissions) > 0 and array_position(permissions, null) is null),
  environment_ids uuid[] constraint api_keys_environment_ids_some check (cardinality(environment_ids) > 0),
  expires_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  rotated_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid,
  constraint api_keys_in_workspace unique (workspace_id, id)
);

create unique index api_keys_live_name on public.api_keys (workspace_id, name) where revoked_at is null;

comment on table public.api_keys is E'What an integrator''s server uses instead of a user''s session, in the header x-upshot-key.\nMade by create_api_key, which alone shows the secret, and once. A revoked key stays as history.';
comment on column public.api_keys.id is 'Time-ordered uuid; the audit log names it.';
comment on column public.api_keys.workspace_id is 'The workspace that the key belongs to, also after its maker has left.';
comment on column public.api_keys.name is 'What people call it: unique among the live keys of the workspace.';
comment on column public.api_keys.prefix is 'How its present secret begins, to recognise it by.';
comment on column public.api_keys.permissions is 'The permissions that it holds. Without workspace.read it cannot read tables.';
comment on column public.api_keys.environment_ids is 'The only environments that it may see and act in; null for all.';
comment on column public.api_keys.expires_at is 'When it stops working; null for never.';
comment on column public.api_keys.created_by is 'The user who made it. No foreign key: history outlives accounts.';
comment on column public.api_keys.created_at is 'When it was made.';
comment on column public.api_keys.rotated_at is 'When it last got a new secret; null when it has its first.';
comment on column public.api_keys.revoked_at is 'Since when it is refused; null while it works.';
comment on column public.api_keys.revoked_by is 'The user who revoked it.';

-- Apart from the key's row: noting a use locks its row until the call ends, and a revocation must not wait for that.
create table public.api_key_uses (
  workspace_id uuid not null
    constraint api_key_uses_workspace_id_fkey references public.workspaces (id) on delete cascade,
  api_key_id uuid not null,
  last_used_at timestamptz not null,
  primary key (workspace_id, api_key_id),
  constraint api_key_uses_api_key_id_fkey foreign key (workspace_id, api_key_id)
    references public.api_keys (workspace_id, id) on delete cascade
);

comment on table public.api_key_uses is E'When an API key was last used, to the minute. No row: never used by a call that may write.\nReads by GET are not counted: they run in transactions that cannot write.';
comment on column public.api_key_uses.api_key_id is 'The key.';
comment on column public.api_key_uses.workspace_id is 'The workspace.';
comment on column public.api_key_uses.last_used_at is 'The last call that may write, at most a minute before the very last.';

create table private.api_key_secrets (
  hash text primary key constraint api_key_secrets_hash_shape check (hash ~ '^[0-9a-f]{64}$'),
  api_key_id uuid not null,
  workspace_id uuid not null
    constraint api_key_secrets_workspace_id_fkey references public.workspaces (id) on delete cascade,
  expires_at timestamptz,
  constraint api_key_secrets_api_key_id_fkey foreign key (workspace_id, api_key_id)
    references public.api_keys (workspace_id, id) on delete cascade
);

create index api_key_secrets_api_key_id on private.api_key_secrets (workspace_id, api_key_id);

comment on table private.api_key_secrets is 'The secrets that open an API key, by hash: the present one and, for a while after a rotation, the one before.';
comment on column private.api_key_secrets.hash is 'SHA-256 of the secret, in hex. A secret has 244 random bits, so that no slow hash is needed.';
comment on column private.api_key_secrets.api_key_id is 'The key.';
comment on column private.api_key_secrets.workspace_id is 'The workspace.';
comment on column private.api_key_secrets.expires_at is 'When this secret stops working although the key lives on; null for the present one.';

-- ==== sql/10_tables/invitations.sql

create table public.invitations (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint invitations_workspace_id_fkey references public.workspaces (id) on delete cascade,
  email text not null
    constraint invitations_email_shape check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  role text not null,
  state text not null default 'pending'
    constraint invitations_state_known check (state in ('pending', 'accepted', 'revoked')),
  expires_at timestamptz not null,
  created_by uuid not null,
  created_at timestamptz not null default private.now(),
  settled_by uuid,
  settled_at timestamptz,
  constraint invitations_in_workspace unique (workspace_id, id)
);

create unique index invitations_one_pending on public.invitations (workspace_id, email) where state = 'pending';
create index invitations_email on public.invitations (email) where state = 'pending';

comment on table public.invitations is E'Who is asked to join a workspace, in which role. Settled ones stay as history.\nMade by invite_member, which alone shows the token, and once.';
comment on column public.invitations.id is 'Time-ordered uuid.';
comment on column public.invitations.workspace_id is 'The workspace.';
comment on column public.invitations.email is 'The address that is invited, in lower case: only a user who has confirmed it may accept.';
comment on column public.invitations.role is 'The role that they will have. No foreign key: history outlives roles.';
comment on column public.invitations.state is 'pending, accepted, revoked. A pending one past expires_at is over too.';
comment on column public.invitations.expires_at is 'Until when it can be accepted.';
comment on column public.invitations.created_by is 'The user who invites. It is void once they may no longer give the role.';
comment on column public.invitations.created_at is 'When it was made.';
comment on column public.invitations.settled_by is 'The user who accepted or revoked it.';
comment on column public.invitations.settled_at is 'When that was.';

create table private.invitation_secrets (
  hash text primary key constraint invitation_secrets_hash_shape check (hash ~ '^[0-9a-f]{64}$'),
  invitation_id uuid not null,
  workspace_id uuid not null
    constraint invitation_secrets_workspace_id_fkey references public.workspaces (id) on delete cascade,
  constraint invitation_secrets_invitation_id_fkey foreign key (workspace_id, invitation_id)
    references public.invitations (workspace_id, id) on delete cascade
);

create index invitation_secrets_invitation_id on private.invitation_secrets (workspace_id, invitation_id);

comment on table private.invitation_secrets is 'The tokens of invitations, by hash.';
comment on column private.invitation_secrets.hash is 'SHA-256 of the token, in hex.';
comment on column private.invitation_secrets.invitation_id is 'The invitation.';
comment on column private.invitation_secrets.workspace_id is 'The workspace.';

-- ==== sql/10_tables/capabilities.sql

create table public.capabilities (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint capabilities_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint capabilities_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint capabilities_key_unique unique (workspace_id, key),
  constraint capabilities_in_workspace unique (workspace_id, id)
);

comment on table public.capabilities is 'A goal that the product reaches for its users, such as BookAppointment.';
comment on column public.capabilities.id is 'Time-ordered uuid.';
comment on column public.capabilities.workspace_id is 'The workspace.';
comment on column public.capabilities.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.capabilities.name is 'What people call it.';
comment on column public.capabilities.description is 'What it does for the user.';
comment on column public.capabilities.created_at is 'When it was made.';
comment on column public.capabilities.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.actions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint actions_workspace_id_fkey references public.workspaces (id) on delete cascade,
  capability_id uuid not null,
  key text not null constraint actions_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  position integer not null default 1 constraint actions_position_positive check (position > 0),
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint actions_key_unique unique (capability_id, key),
  constraint actions_in_workspace unique (workspace_id, id),
  constraint actions_in_capability unique (workspace_id, capability_id, id),
  constraint actions_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict
);

comment on table public.actions is 'One step of a capability, in order, such as UserLookup.';
comment on column public.actions.id is 'Time-ordered uuid.';
comment on column public.actions.workspace_id is 'The workspace.';
comment on column public.actions.capability_id is 'The capability that it is a step of.';
comment on column public.actions.key is 'The name that code uses: unique in the capability; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.actions.name is 'What people call it.';
comment on column public.actions.position is 'Its place in the order of steps, from 1.';
comment on column public.actions.created_at is 'When it was made.';
comment on column public.actions.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

-- ==== sql/10_tables/intents.sql

create table public.intents (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint intents_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint intents_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint intents_key_unique unique (workspace_id, key),
  constraint intents_in_workspace unique (workspace_id, id)
);

comment on table public.intents is 'What the end user wants, such as ScheduleMeeting.';
comment on column public.intents.id is 'Time-ordered uuid.';
comment on column public.intents.workspace_id is 'The workspace.';
comment on column public.intents.key is 'The name that code and classifiers use: unique in the workspace.';
comment on column public.intents.name is 'What people call it.';
comment on column public.intents.description is 'How to recognise it.';
comment on column public.intents.created_at is 'When it was made.';
comment on column public.intents.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.intent_examples (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint intent_examples_workspace_id_fkey references public.workspaces (id) on delete cascade,
  intent_id uuid not null,
  text text not null constraint intent_examples_text_length check (length(text) between 1 and 10000),
  embedding extensions.vector,
  embedder text,
  created_at timestamptz not null default private.now(),
  constraint intent_examples_embedder_known check ((embedding is null) = (embedder is null)),
  constraint intent_examples_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete cascade
);

create unique index intent_examples_text_once on public.intent_examples (intent_id, md5(text));
create index intent_examples_intent_id on public.intent_examples (workspace_id, intent_id);

comment on table public.intent_examples is 'A phrase that shows an intent, with its embedding.';
comment on column public.intent_examples.id is 'Time-ordered uuid.';
comment on column public.intent_examples.workspace_id is 'The workspace.';
comment on column public.intent_examples.intent_id is 'The intent that it shows.';
comment on column public.intent_examples.text is 'The phrase.';
comment on column public.intent_examples.embedding is 'The phrase as a vector; null until it is embedded.';
comment on column public.intent_examples.embedder is 'The model that embedded it: vectors compare only within one.';
comment on column public.intent_examples.created_at is 'When it was added.';

-- ==== sql/10_tables/prompts.sql

create table public.prompts (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint prompts_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint prompts_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  capability_id uuid not null,
  action_id uuid,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint prompts_key_unique unique (workspace_id, key),
  constraint prompts_in_workspace unique (workspace_id, id),
  constraint prompts_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint prompts_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict
);

create index prompts_action_id on public.prompts (workspace_id, capability_id, action_id);

comment on table public.prompts is 'The named thing that a capability, or one action of it, runs. Its texts are prompt_versions.';
comment on column public.prompts.id is 'Time-ordered uuid.';
comment on column public.prompts.workspace_id is 'The workspace.';
comment on column public.prompts.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.prompts.name is 'What people call it.';
comment on column public.prompts.capability_id is 'The capability that runs it.';
comment on column public.prompts.action_id is 'The action that runs it; null when the capability runs it as a whole.';
comment on column public.prompts.created_at is 'When it was made.';
comment on column public.prompts.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.branches (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint branches_workspace_id_fkey references public.workspaces (id) on delete cascade,
  prompt_id uuid not null,
  name text not null constraint branches_name_shape check (name ~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$'),
  head_version_id uuid,
  created_at timestamptz not null default private.now(),
  deleted_at timestamptz,
  constraint branches_of_prompt unique (workspace_id, prompt_id, id),
  constraint branches_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict
);

-- A deleted branch keeps its row, for versions say where they were committed; its name is free again.
create unique index branches_name_unique on public.branches (prompt_id, name) where deleted_at is null;
create index branches_prompt_id on public.branches (workspace_id, prompt_id);

comment on table public.branches is 'A named line of versions of a prompt. Every prompt begins with main, and keeps it.';
comment on column public.branches.id is 'Time-ordered uuid.';
comment on column public.branches.workspace_id is 'The workspace.';
comment on column public.branches.prompt_id is 'The prompt.';
comment on column public.branches.name is 'Unique among the prompt''s branches that are not deleted.';
comment on column public.branches.head_version_id is 'The newest version of the line; null before the first commit. Moved by commit_version and merge_branch.';
comment on column public.branches.created_at is 'When it was made.';
comment on column public.branches.deleted_at is 'When it was deleted; null while it lives. Its versions stay.';

-- ==== sql/10_tables/prompt_versions.sql

create or replace function private.bundle_hash(
  messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb
) returns text
language sql immutable parallel safe
set search_path = ''
return pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_object(
  'messages', messages, 'variables', variables, 'provider', provider, 'model', model,
  'params', params, 'tools', tools, 'response_format', response_format)::text, 'UTF8')), 'hex');

comment on function private.bundle_hash(jsonb, jsonb, text, text, jsonb, jsonb, jsonb) is
'SHA-256, in hex, of the bundle as jsonb prints it: keys in one order, spaces in one way.';

create table public.prompt_versions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint prompt_versions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  number integer not null constraint prompt_versions_number_positive check (number > 0),
  branch_id uuid not null,
  parent_version_id uuid,
  merged_version_id uuid,
  forked_from_version_id uuid,
  template_version_id uuid,
  messages jsonb not null constraint prompt_versions_messages_array check (jsonb_typeof(messages) = 'array'),
  variables jsonb not null constraint prompt_versions_variables_object check (jsonb_typeof(variables) = 'object'),
  provider text not null constraint prompt_versions_provider_length check (length(provider) between 1 and 100),
  model text not null constraint prompt_versions_model_length check (length(model) between 1 and 200),
  params jsonb not null default '{}' constraint prompt_versions_params_object check (jsonb_typeof(params) = 'object'),
  tools jsonb not null default '[]' constraint prompt_versions_tools_array check (jsonb_typeof(tools) = 'array'),
  response_format jsonb
    constraint prompt_versions_response_format_object check (jsonb_typeof(response_format) = 'object'),
  content_hash text not null generated always as (
    private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) stored,
  message text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint prompt_versions_merge_has_parent
    check (merged_version_id is null or (parent_version_id is not null and merged_version_id <> parent_version_id)),
  constraint prompt_versions_fork_is_first check (forked_from_version_id is null or number = 1),
  constraint prompt_versions_number_unique unique (prompt_id, number),
  constraint prompt_versions_in_workspace unique (workspace_id, id),
  constraint prompt_versions_of_prompt unique (workspace_id, prompt_id, id),
  -- The branch says it already; this one lets the API embed prompts in versions and versions in prompts.
  constraint prompt_versions_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict,
  constraint prompt_versions_branch_id_fkey foreign key (workspace_id, prompt_id, branch_id)
    references public.branches (workspace_id, prompt_id, id) on delete restrict,
  constraint prompt_versions_parent_fkey foreign key (workspace_id, prompt_id, parent_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict,
  constraint prompt_versions_merged_fkey foreign key (workspace_id, prompt_id, merged_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict,
  constraint prompt_versions_forked_from_fkey foreign key (workspace_id, forked_from_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

create index prompt_versions_branch_id on public.prompt_versions (workspace_id, prompt_id, branch_id);
create index prompt_versions_parent on public.prompt_versions (workspace_id, prompt_id, parent_version_id);
create index prompt_versions_merged on public.prompt_versions (workspace_id, prompt_id, merged_version_id);
create index prompt_versions_forked_from on public.prompt_versions (workspace_id, forked_from_version_id);
create index prompt_versions_template_version_id on public.prompt_versions (workspace_id, template_version_id);

comment on table public.prompt_versions is E'An immutable bundle: messages, variables, provider, model, params, tools, response format.\nMade by commit_version. Prompt and configuration are versioned together, because they act together.';
comment on column public.prompt_versions.id is 'Time-ordered uuid.';
comment on column public.prompt_versions.workspace_id is 'The workspace.';
comment on column public.prompt_versions.prompt_id is 'The prompt.';
comment on column public.prompt_versions.number is 'Counts from 1 in the prompt, over all branches.';
comment on column public.prompt_versions.branch_id is 'The branch that it was committed to.';
comment on column public.prompt_versions.parent_version_id is 'The head that it was committed on; null for a first version.';
comment on column public.prompt_versions.messages is 'Array of {role, content}; content may hold {{variables}}.';
comment on column public.prompt_versions.variables is 'Object: variable name to JSON Schema.';
comment on column public.prompt_versions.provider is 'Who runs the model: openai, anthropic, gemini, local, and so on.';
comment on column public.prompt_versions.model is 'The model''s name at the provider.';
comment on column public.prompt_versions.params is 'Object of sampling parameters.';
comment on column public.prompt_versions.tools is 'Array of tool definitions.';
comment on column public.prompt_versions.response_format is 'Object; null for free text.';
comment on column public.prompt_versions.content_hash is 'SHA-256 of the bundle, in hex: equal bundles have equal hashes.';
comment on column public.prompt_versions.message is 'Why, in the author''s words.';
comment on column public.prompt_versions.created_by is 'The user who committed it. No foreign key: history outlives accounts.';
comment on column public.prompt_versions.created_at is 'When it was committed.';
comment on column public.prompt_versions.merged_version_id is 'The second parent of a merge: the head of the branch that was merged in; null for any other version.';
comment on column public.prompt_versions.forked_from_version_id is 'The version of another prompt that this prompt began as a copy of; null unless it is a fork''s first version.';
comment on column public.prompt_versions.template_version_id is 'The template version that it was made from, itself or through its parents; null when there is none.';

alter table public.branches add constraint branches_head_version_id_fkey
  foreign key (workspace_id, prompt_id, head_version_id)
  references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict;

create index branches_head_version_id on public.branches (workspace_id, prompt_id, head_version_id);

-- ==== sql/10_tables/tags.sql

create table public.tags (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint tags_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  name text not null constraint tags_name_shape check (name ~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$'),
  version_id uuid not null,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  moved_at timestamptz not null default private.now(),
  constraint tags_name_unique unique (prompt_id, name),
  constraint tags_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict,
  constraint tags_version_id_fkey foreign key (workspace_id, prompt_id, version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict
);

create index tags_prompt_id on public.tags (workspace_id, prompt_id);
create index tags_version_id on public.tags (workspace_id, prompt_id, version_id);

comment on table public.tags is 'A name that points at one version of a prompt. Set and moved by tag_version, taken away by untag.';
comment on column public.tags.id is 'Time-ordered uuid.';
comment on column public.tags.workspace_id is 'The workspace.';
comment on column public.tags.prompt_id is 'The prompt.';
comment on column public.tags.name is 'Unique in the prompt.';
comment on column public.tags.version_id is 'The version that it points at now.';
comment on column public.tags.created_by is 'The user who set it first; null for a server''s or an API key.';
comment on column public.tags.created_at is 'When it was set first.';
comment on column public.tags.moved_at is 'When it was last pointed at another version.';

create table public.tag_moves (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint tag_moves_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  name text not null,
  from_version_id uuid,
  to_version_id uuid,
  reason text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint tag_moves_is_a_move check (from_version_id is distinct from to_version_id),
  constraint tag_moves_from_version_id_fkey foreign key (workspace_id, prompt_id, from_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict,
  constraint tag_moves_to_version_id_fkey foreign key (workspace_id, prompt_id, to_version_id)
    references public.prompt_versions (workspace_id, prompt_id, id) on delete restrict
);

create index tag_moves_name on public.tag_moves (prompt_id, name, id);
create index tag_moves_from_version_id on public.tag_moves (workspace_id, prompt_id, from_version_id);
create index tag_moves_to_version_id on public.tag_moves (workspace_id, prompt_id, to_version_id);

comment on table public.tag_moves is 'Append-only history of tags: where each pointed, since when, by whom, why.';
comment on column public.tag_moves.id is 'Time-ordered uuid.';
comment on column public.tag_moves.workspace_id is 'The workspace.';
comment on column public.tag_moves.prompt_id is 'The prompt.';
comment on column public.tag_moves.name is 'The tag''s name; the tag itself may be gone.';
comment on column public.tag_moves.from_version_id is 'The version that it pointed at before; null when it was new.';
comment on column public.tag_moves.to_version_id is 'The version that it pointed at from then on; null when it was taken away.';
comment on column public.tag_moves.reason is 'Why, in the person''s words.';
comment on column public.tag_moves.created_by is 'The user who moved it; null for a server''s or an API key.';
comment on column public.tag_moves.created_at is 'When.';

-- ==== sql/10_tables/prompt_templates.sql

create table public.prompt_templates (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint prompt_templates_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint prompt_templates_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null constraint prompt_templates_name_length check (length(name) between 1 and 200),
  description text not null default ''
    constraint prompt_templates_description_length check (length(description) <= 10000),
  head_version_id uuid,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint prompt_templates_key_unique unique (workspace_id, key),
  constraint prompt_templates_in_workspace unique (workspace_id, id)
);

comment on table public.prompt_templates is 'A reusable prompt with typed variables. Its texts are prompt_template_versions.';
comment on column public.prompt_templates.id is 'Time-ordered uuid.';
comment on column public.prompt_templates.workspace_id is 'The workspace.';
comment on column public.prompt_templates.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.prompt_templates.name is 'What people call it.';
comment on column public.prompt_templates.description is 'What it is for, and when to use it.';
comment on column public.prompt_templates.head_version_id is 'Its newest version; null before the first. Moved by commit_template_version.';
comment on column public.prompt_templates.created_by is 'The user who made it; null for a server''s or an API key.';
comment on column public.prompt_templates.created_at is 'When it was made.';

create table public.prompt_template_versions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint prompt_template_versions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  template_id uuid not null,
  number integer not null constraint prompt_template_versions_number_positive check (number > 0),
  messages jsonb not null
    constraint prompt_template_versions_messages_array check (jsonb_typeof(messages) = 'array'),
  variables jsonb not null
    constraint prompt_template_versions_variables_object check (jsonb_typeof(variables) = 'object'),
  provider text constraint prompt_template_versions_provider_length check (length(provider) between 1 and 100),
  model text constraint prompt_template_versions_model_length check (length(model) between 1 and 200),
  params jsonb not null default '{}'
    constraint prompt_template_versions_params_object check (jsonb_typeof(params) = 'object'),
  tools jsonb not null default '[]'
    constraint prompt_template_versions_tools_array check (jsonb_typeof(tools) = 'array'),
  response_format jsonb
    constraint prompt_template_versions_response_format_object check (jsonb_typeof(response_format) = 'object'),
  content_hash text not null generated always as (
    private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) stored,
  message text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint prompt_template_versions_number_unique unique (template_id, number),
  constraint prompt_template_versions_in_workspace unique (workspace_id, id),
  constraint prompt_template_versions_of_template unique (workspace_id, template_id, id),
  constraint prompt_template_versions_template_id_fkey foreign key (workspace_id, template_id)
    references public.prompt_templates (workspace_id, id) on delete restrict
);

comment on table public.prompt_template_versions is E'An immutable version of a template: what a prompt version begins with.\nMade by commit_template_version. Provider and model may be left open.';
comment on column public.prompt_template_versions.id is 'Time-ordered uuid.';
comment on column public.prompt_template_versions.workspace_id is 'The workspace.';
comment on column public.prompt_template_versions.template_id is 'The template.';
comment on column public.prompt_template_versions.number is 'Counts from 1 in the template.';
comment on column public.prompt_template_versions.messages is 'Array of {role, content}; content may hold {{variables}}.';
comment on column public.prompt_template_versions.variables is 'Object: variable name to JSON Schema.';
comment on column public.prompt_template_versions.provider is 'Who runs the model; null leaves it to the prompt.';
comment on column public.prompt_template_versions.model is 'The model''s name at the provider; null leaves it to the prompt.';
comment on column public.prompt_template_versions.params is 'Object of sampling parameters.';
comment on column public.prompt_template_versions.tools is 'Array of tool definitions.';
comment on column public.prompt_template_versions.response_format is 'Object; null for free text.';
comment on column public.prompt_template_versions.content_hash is 'SHA-256 of the bundle, in hex: equal bundles have equal hashes.';
comment on column public.prompt_template_versions.message is 'Why, in the author''s words.';
comment on column public.prompt_template_versions.created_by is 'The user who committed it; null for a server''s or an API key.';
comment on column public.prompt_template_versions.created_at is 'When it was committed.';

alter table public.prompt_templates add constraint prompt_templates_head_version_id_fkey
  foreign key (workspace_id, id, head_version_id)
  references public.prompt_template_versions (workspace_id, template_id, id) on delete restrict;

create index prompt_templates_head_version_id on public.prompt_templates (workspace_id, id, head_version_id);

alter table public.prompt_versions add constraint prompt_versions_template_version_id_fkey
  foreign key (workspace_id, template_version_id)
  references public.prompt_template_versions (workspace_id, id) on delete restrict;

-- ==== sql/10_tables/outcome_metrics.sql

create table public.outcome_metrics (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint outcome_metrics_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint outcome_metrics_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  kind text not null constraint outcome_metrics_kind_known
    check (kind in ('proportion', 'mean', 'count', 'ratio', 'quantile', 'duration')),
  unit text not null default '',
  direction text not null default 'increase'
    constraint outcome_metrics_direction_known check (direction in ('increase', 'decrease')),
  attribution_window interval not null default interval '7 days'
    constraint outcome_metrics_window_positive check (attribution_window > interval '0'),
  join_key text not null default 'subject' constraint outcome_metrics_join_key_known
    check (join_key in ('subject', 'conversation', 'inference', 'business_key')),
  when_absent text not null default 'exclude'
    constraint outcome_metrics_when_absent_known check (when_absent in ('zero', 'exclude')),
  per_subject text constraint outcome_metrics_per_subject_known check (per_subject in ('sum', 'mean', 'max')),
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint outcome_metrics_key_unique unique (workspace_id, key),
  constraint outcome_metrics_in_workspace unique (workspace_id, id)
);

comment on table public.outcome_metrics is 'What is counted: a booked call, a resolution time, a CSAT answer.';
comment on column public.outcome_metrics.id is 'Time-ordered uuid.';
comment on column public.outcome_metrics.workspace_id is 'The workspace.';
comment on column public.outcome_metrics.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.outcome_metrics.name is 'What people call it.';
comment on column public.outcome_metrics.description is 'How it is measured.';
comment on column public.outcome_metrics.kind is 'proportion, mean, count, ratio, quantile or duration.';
comment on column public.outcome_metrics.unit is 'Unit of a value, for instance EUR or seconds.';
comment on column public.outcome_metrics.direction is 'Which way is better: increase or decrease.';
comment on column public.outcome_metrics.attribution_window is 'An outcome counts from the first exposure until this much later, the end excluded.';
comment on column public.outcome_metrics.join_key is 'The key that its outcomes usually carry: subject, conversation, inference or business_key.';
comment on column public.outcome_metrics.when_absent is 'A subject without an outcome counts as zero, or is excluded.';
comment on column public.outcome_metrics.per_subject is E'How several outcomes of one subject become one number: sum, mean or max.\nNull means: max for a proportion, sum for a count, else sum when absence is zero and mean when it is excluded.';
comment on column public.outcome_metrics.created_at is 'When it was defined.';
comment on column public.outcome_metrics.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

-- ==== sql/10_tables/layers.sql

create table public.layers (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint layers_workspace_id_fkey references public.workspaces (id) on delete restrict,
  key text not null constraint layers_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  salt text not null default encode(sha256(uuid_send(gen_random_uuid())), 'hex')
    constraint layers_salt_length check (length(salt) between 1 and 64),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint layers_key_unique unique (workspace_id, key),
  constraint layers_in_workspace unique (workspace_id, id)
);

comment on table public.layers is E'10,000 slots that experiments share out, so that a subject is in at most one of them.\nAn experiment holds the slots from layer_from up to layer_to. A layer belongs to the workspace: the same one serves every environment, and slots are taken in each environment by itself.';
comment on column public.layers.id is 'Time-ordered uuid.';
comment on column public.layers.workspace_id is 'The workspace.';
comment on column public.layers.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.layers.name is 'What people call it.';
comment on column public.layers.description is 'What its experiments would spoil in one another.';
comment on column public.layers.salt is 'Random text in the hash, so that layers are independent of one another.';
comment on column public.layers.created_by is 'The user who made it; null for a key or a server.';
comment on column public.layers.created_at is 'When it was made.';

create table public.holdouts (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint holdouts_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  number integer not null constraint holdouts_number_positive check (number > 0),
  share integer not null constraint holdouts_share_range check (share between 0 and 10000),
  salt text not null constraint holdouts_salt_length check (length(salt) between 1 and 64),
  reason text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint holdouts_number_unique unique (environment_id, number),
  constraint holdouts_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict
);

create index holdouts_environment_id on public.holdouts (workspace_id, environment_id);

comment on table public.holdouts is E'The share of subjects that an environment keeps out of every experiment, and its history. Append-only.\nThe highest number of an environment counts; written by set_holdout. The salt never changes, so a larger share holds the same subjects and more.';
comment on column public.holdouts.id is 'Time-ordered uuid.';
comment on column public.holdouts.workspace_id is 'The workspace.';
comment on column public.holdouts.environment_id is 'The environment.';
comment on column public.holdouts.number is 'Counts the changes of this environment''s holdout from 1.';
comment on column public.holdouts.share is 'Share of subjects that are held out, in basis points: 500 is 5 %, 0 ends the holdout.';
comment on column public.holdouts.salt is 'Random text in the hash; the same for all rows of an environment.';
comment on column public.holdouts.reason is 'Why, in the person''s words.';
comment on column public.holdouts.created_by is 'The user who changed it; null for a key or a server.';
comment on column public.holdouts.created_at is 'Since when it counts.';

-- ==== sql/10_tables/experiments.sql

create table public.experiments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  key text not null constraint experiments_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  hypothesis text not null default '',
  environment_id uuid not null,
  capability_id uuid not null,
  unit text not null default 'user'
    constraint experiments_unit_known check (unit in ('user', 'conversation', 'account')),
  traffic integer not null default 10000 constraint experiments_traffic_share check (traffic between 0 and 10000),
  audience jsonb,
  layer_id uuid,
  layer_from integer,
  layer_to integer,
  minimum_effect double precision constraint experiments_minimum_effect_positive
    check (minimum_effect > 0 and minimum_effect < 'Infinity'::double precision),
  state text not null default 'draft'
    constraint experiments_state_known check (state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  revision integer not null default 1,
  salt text not null default encode(sha256(uuid_send(gen_random_uuid())), 'hex')
    constraint experiments_salt_length check (length(salt) between 1 and 64),
  parent_experiment_id uuid,
  call_fingerprint text,
  started_at timestamptz,
  ended_at timestamptz,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  updated_at timestamptz not null default private.now(),
  constraint experiments_key_unique unique (workspace_id, key),
  constraint experiments_in_workspace unique (workspace_id, id),
  constraint experiments_in_capability unique (workspace_id, capability_id, id),
  constraint experiments_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint experiments_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint experiments_parent_fkey foreign key (workspace_id, parent_experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint experiments_layer_id_fkey foreign key (workspace_id, layer_id)
    references public.layers (workspace_id, id) on delete restrict,
  constraint experiments_layer_slot check (
    num_nonnulls(layer_id, layer_from, layer_to) = 0
    or num_nonnulls(layer_id, layer_from, layer_to) = 3
      and 0 <= layer_from and layer_from < layer_to and layer_to <= 10000)
);

create index experiments_environment_id on public.experiments (workspace_id, environment_id);
create index experiments_parent on public.experiments (workspace_id, parent_experiment_id);
create index experiments_layer_id on public.experiments (workspace_id, layer_id);
create index experiments_active on public.experiments (environment_id, capability_id) where state = 'active';

comment on table public.experiments is E'A hypothesis under test: scope, unit, traffic, state.\ncreate_experiment makes one from a document, edit_experiment changes it by naming its revision; activate, pause, resume and archive move the state.';
comment on column public.experiments.id is 'Time-ordered uuid.';
comment on column public.experiments.workspace_id is 'The workspace.';
comment on column public.experiments.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.experiments.name is 'What people call it.';
comment on column public.experiments.hypothesis is 'What is expected to move which outcome, and why.';
comment on column public.experiments.environment_id is 'Where it runs.';
comment on column public.experiments.capability_id is 'The capability that it changes.';
comment on column public.experiments.unit is 'What is assigned: user and account by subject, conversation by conversation.';
comment on column public.experiments.traffic is 'Share of units that take part, in basis points: 10000 is all.';
comment on column public.experiments.audience is 'Who takes part, as a rule over the attributes that decide is given; null is everybody. One node is {"all": [rules]}, {"any": [rules]}, {"not": rule}, or {"attribute": "plan", <operator>: value} with one of the operators eq, in (a list), gt, gte, lt, lte, exists (true or false), contains, starts_with: {"all": [{"attribute": "plan", "in": ["pro", "team"]}, {"not": {"attribute": "account.seats", "lt": 5}}]}. call.subject, call.conversation, call.action and call.intent are the call itself. What is absent or of another type does not match.';
comment on column public.experiments.layer_id is 'The layer whose slots it holds, so that subjects in it are in no other experiment of the layer; null is none.';
comment on column public.experiments.layer_from is 'First of its slots, of 0 to 9999.';
comment on column public.experiments.layer_to is 'One past its last slot.';
comment on column public.experiments.minimum_effect is 'The smallest difference of the primary metric that would matter, in the metric''s unit: 0.02 of a proportion is two points. The checklist says how many days it takes to see it.';
comment on column public.experiments.state is 'draft, in_review, active, paused or archived; see experiment_moves.';
comment on column public.experiments.revision is 'Counts every change: name the one you saw, and a stale change is refused.';
comment on column public.experiments.salt is 'Random text in the hash, so that experiments are independent of one another.';
comment on column public.experiments.parent_experiment_id is 'The experiment that it was forked from.';
comment on column public.experiments.call_fingerprint is 'SHA-256 of the call that made it, so that the same call again answers the same experiment.';
comment on column public.experiments.started_at is 'First activation.';
comment on column public.experiments.ended_at is 'When it was archived.';
comment on column public.experiments.created_by is 'The user who drafted it. No foreign key: history outlives accounts.';
comment on column public.experiments.created_at is 'When it was drafted.';
comment on column public.experiments.updated_at is 'Last change.';

create table public.experiment_moves (
  verb text not null,
  from_state text not null constraint experiment_moves_from_state_known
    check (from_state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  to_state text not null constraint experiment_moves_to_state_known
    check (to_state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  permission text not null
    constraint experiment_moves_permission_fkey references public.permissions (key) on delete restrict,
  primary key (verb, from_state)
);

create index experiment_moves_permission on public.experiment_moves (permission);

comment on table public.experiment_moves is 'The state machine of experiments: one row per allowed move.';
comment on column public.experiment_moves.verb is 'What makes the move: activate, pause, resume and archive are functions of that name; submit_for_approval submits, edit_experiment edits.';
comment on column public.experiment_moves.from_state is 'The state before.';
comment on column public.experiment_moves.to_state is 'The state after.';
comment on column public.experiment_moves.permission is 'What the caller must hold.';

insert into public.experiment_moves (verb, from_state, to_state, permission) values
  ('submit', 'draft', 'in_review', 'experiments.write'),
  ('withdraw', 'in_review', 'draft', 'experiments.write'),
  ('reject', 'in_review', 'draft', 'experiments.approve'),
  ('edit', 'in_review', 'draft', 'experiments.write'),
  ('activate', 'draft', 'active', 'experiments.activate'),
  ('activate', 'in_review', 'active', 'experiments.activate'),
  ('pause', 'active', 'paused', 'experiments.activate'),
  ('resume', 'paused', 'active', 'experiments.activate'),
  ('archive', 'draft', 'archived', 'experiments.activate'),
  ('archive', 'in_review', 'archived', 'experiments.activate'),
  ('archive', 'active', 'archived', 'experiments.activate'),
  ('archive', 'paused', 'archived', 'experiments.activate');

create table public.experiment_actions (
  workspace_id uuid not null
    constraint experiment_actions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  capability_id uuid not null,
  action_id uuid not null,
  primary key (experiment_id, action_id),
  constraint experiment_actions_experiment_id_fkey foreign key (workspace_id, capability_id, experiment_id)
    references public.experiments (workspace_id, capability_id, id) on update cascade on delete cascade,
  constraint experiment_actions_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict
);

create index experiment_actions_experiment_id
  on public.experiment_actions (workspace_id, capability_id, experiment_id);
create index experiment_actions_action_id on public.experiment_actions (workspace_id, capability_id, action_id);

comment on table public.experiment_actions is 'The actions that an experiment covers; none means the capability as a whole.';
comment on column public.experiment_actions.workspace_id is 'The workspace.';
comment on column public.experiment_actions.experiment_id is 'The experiment.';
comment on column public.experiment_actions.capability_id is 'The capability of both: an action of another one cannot be named.';
comment on column public.experiment_actions.action_id is 'The action.';

create table public.experiment_intents (
  workspace_id uuid not null
    constraint experiment_intents_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  intent_id uuid not null,
  primary key (experiment_id, intent_id),
  constraint experiment_intents_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade,
  constraint experiment_intents_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict
);

create index experiment_intents_experiment_id on public.experiment_intents (workspace_id, experiment_id);
create index experiment_intents_intent_id on public.experiment_intents (workspace_id, intent_id);

comment on table public.experiment_intents is 'The intents that an experiment covers; none means all.';
comment on column public.experiment_intents.workspace_id is 'The workspace.';
comment on column public.experiment_intents.experiment_id is 'The experiment.';
comment on column public.experiment_intents.intent_id is 'The intent.';

create table public.experiment_metrics (
  workspace_id uuid not null
    constraint experiment_metrics_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  metric_id uuid not null,
  role text not null default 'secondary'
    constraint experiment_metrics_role_known check (role in ('primary', 'secondary', 'guardrail')),
  margin double precision constraint experiment_metrics_margin_positive
    check (margin > 0 and margin < 'Infinity'::double precision),
  primary key (experiment_id, metric_id),
  constraint experiment_metrics_margin_of_guardrail check (margin is null or role = 'guardrail'),
  constraint experiment_metrics_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade,
  constraint experiment_metrics_metric_id_fkey foreign key (workspace_id, metric_id)
    references public.outcome_metrics (workspace_id, id) on delete restrict
);

create unique index experiment_metrics_one_primary on public.experiment_metrics (experiment_id) where role = 'primary';
create index experiment_metrics_experiment_id on public.experiment_metrics (workspace_id, experiment_id);
create index experiment_metrics_metric_id on public.experiment_metrics (workspace_id, metric_id);

comment on table public.experiment_metrics is 'The outcomes that an experiment is judged by.';
comment on column public.experiment_metrics.workspace_id is 'The workspace.';
comment on column public.experiment_metrics.experiment_id is 'The experiment.';
comment on column public.experiment_metrics.metric_id is 'The outcome metric.';
comment on column public.experiment_metrics.role is 'primary (at most one), secondary or guardrail.';
comment on column public.experiment_metrics.margin is 'Guardrails: how much worse is still acceptable, in the metric''s unit.';

create table public.experiment_revisions (
  workspace_id uuid not null
    constraint experiment_revisions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  revision integer not null constraint experiment_revisions_positive check (revision > 0),
  state text not null constraint experiment_revisions_state_known
    check (state in ('draft', 'in_review', 'active', 'paused', 'archived')),
  document jsonb not null,
  content_hash text not null,
  actor_kind text not null constraint experiment_revisions_actor_kind_known
    check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  created_at timestamptz not null default private.now(),
  primary key (experiment_id, revision),
  constraint experiment_revisions_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create index experiment_revisions_experiment_id on public.experiment_revisions (workspace_id, experiment_id);

comment on table public.experiment_revisions is E'What an experiment was at each of its revisions, who changed it and when.\nWritten as a transaction ends; a draft that is thrown away takes its own along.';
comment on column public.experiment_revisions.workspace_id is 'The workspace.';
comment on column public.experiment_revisions.experiment_id is 'The experiment.';
comment on column public.experiment_revisions.revision is 'The revision.';
comment on column public.experiment_revisions.state is 'Its state then.';
comment on column public.experiment_revisions.document is 'What defined it then, as experiment_document answers.';
comment on column public.experiment_revisions.content_hash is 'SHA-256 of the document and of the ids that its keys stand for: equal for moves, which change the state alone.';
comment on column public.experiment_revisions.actor_kind is 'user, api_key, service or system.';
comment on column public.experiment_revisions.actor_id is 'The user or the API key, if one did it.';
comment on column public.experiment_revisions.created_at is 'When.';

-- ==== sql/10_tables/variants.sql

create table public.variants (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint variants_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  key text not null constraint variants_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  weight integer not null default 1 constraint variants_weight_range check (weight between 0 and 10000),
  is_control boolean not null default false,
  rolled_back_at timestamptz,
  created_at timestamptz not null default private.now(),
  constraint variants_key_unique unique (experiment_id, key),
  constraint variants_in_workspace unique (workspace_id, id),
  constraint variants_of_experiment unique (workspace_id, experiment_id, id),
  constraint variants_control_stays check (not (is_control and rolled_back_at is not null)),
  constraint variants_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create unique index variants_one_control on public.variants (experiment_id) where is_control;

comment on table public.variants is 'One arm of an experiment. Exactly one is the control.';
comment on column public.variants.id is 'Time-ordered uuid.';
comment on column public.variants.workspace_id is 'The workspace.';
comment on column public.variants.experiment_id is 'The experiment.';
comment on column public.variants.key is 'The name that code uses: unique in the experiment; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.variants.name is 'What people call it.';
comment on column public.variants.weight is 'Its share of new units, relative to the other arms.';
comment on column public.variants.is_control is 'True for the arm that the others are compared with.';
comment on column public.variants.rolled_back_at is 'From then on its units get the control; null while it runs. Set by rollback_variant, cleared by restore_variant.';
comment on column public.variants.created_at is 'When it was made.';

create table public.variant_versions (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint variant_versions_workspace_id_fkey references public.workspaces (id) on delete restrict,
  variant_id uuid not null,
  action_id uuid,
  prompt_version_id uuid not null,
  constraint variant_versions_one_per_action unique nulls not distinct (variant_id, action_id),
  constraint variant_versions_variant_id_fkey foreign key (workspace_id, variant_id)
    references public.variants (workspace_id, id) on delete cascade,
  constraint variant_versions_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict,
  constraint variant_versions_prompt_version_id_fkey foreign key (workspace_id, prompt_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

create index variant_versions_variant_id on public.variant_versions (workspace_id, variant_id);
create index variant_versions_action_id on public.variant_versions (workspace_id, action_id);
create index variant_versions_prompt_version_id on public.variant_versions (workspace_id, prompt_version_id);

comment on table public.variant_versions is 'The prompt version that a variant runs, per action.';
comment on column public.variant_versions.id is 'Time-ordered uuid.';
comment on column public.variant_versions.workspace_id is 'The workspace.';
comment on column public.variant_versions.variant_id is 'The variant.';
comment on column public.variant_versions.action_id is 'The action; null for every action that has no row of its own.';
comment on column public.variant_versions.prompt_version_id is 'The version that runs.';

create table public.experiment_phases (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiment_phases_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  number integer not null constraint experiment_phases_number_positive check (number > 0),
  started_at timestamptz not null,
  constraint experiment_phases_number_unique unique (experiment_id, number),
  constraint experiment_phases_of_experiment unique (workspace_id, experiment_id, id),
  constraint experiment_phases_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict
);

comment on table public.experiment_phases is E'A stretch of an experiment with the same arms and weights.\nA new one begins when they change, so that arms are only ever compared within a phase.';
comment on column public.experiment_phases.id is 'Time-ordered uuid.';
comment on column public.experiment_phases.workspace_id is 'The workspace.';
comment on column public.experiment_phases.experiment_id is 'The experiment.';
comment on column public.experiment_phases.number is 'Counts from 1; the highest is the present one.';
comment on column public.experiment_phases.started_at is 'When it began; it ends when the next begins.';

create table public.experiment_phase_arms (
  workspace_id uuid not null
    constraint experiment_phase_arms_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  weight integer not null,
  bucket_from integer not null,
  bucket_to integer not null,
  primary key (phase_id, variant_id),
  constraint experiment_phase_arms_buckets check (0 <= bucket_from and bucket_from <= bucket_to and bucket_to <= 10000),
  constraint experiment_phase_arms_phase_id_fkey foreign key (workspace_id, experiment_id, phase_id)
    references public.experiment_phases (workspace_id, experiment_id, id) on delete restrict,
  constraint experiment_phase_arms_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete restrict
);

create index experiment_phase_arms_phase_id on public.experiment_phase_arms (workspace_id, experiment_id, phase_id);
create index experiment_phase_arms_variant_id
  on public.experiment_phase_arms (workspace_id, experiment_id, variant_id);

comment on table public.experiment_phase_arms is 'The buckets that an arm owned in a phase.';
comment on column public.experiment_phase_arms.workspace_id is 'The workspace.';
comment on column public.experiment_phase_arms.experiment_id is 'The experiment.';
comment on column public.experiment_phase_arms.phase_id is 'The phase.';
comment on column public.experiment_phase_arms.variant_id is 'The arm.';
comment on column public.experiment_phase_arms.weight is 'Its weight then.';
comment on column public.experiment_phase_arms.bucket_from is 'First of its buckets, of 0 to 9999.';
comment on column public.experiment_phase_arms.bucket_to is 'One past its last bucket.';

create table public.variant_rollbacks (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint variant_rollbacks_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  variant_id uuid not null,
  phase_number integer not null,
  rolled_back_at timestamptz not null,
  constraint variant_rollbacks_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete cascade
);

create index variant_rollbacks_variant_id on public.variant_rollbacks (workspace_id, experiment_id, variant_id);

comment on table public.variant_rollbacks is E'Each time that an arm was stopped. Written by rollback_variant.\nA subject of a phase before it counts until then, also when the arm was restored later: in between it got the control.';
comment on column public.variant_rollbacks.id is 'Time-ordered uuid.';
comment on column public.variant_rollbacks.workspace_id is 'The workspace.';
comment on column public.variant_rollbacks.experiment_id is 'The experiment.';
comment on column public.variant_rollbacks.variant_id is 'The arm.';
comment on column public.variant_rollbacks.phase_number is 'The phase that it ended; 0 before the first.';
comment on column public.variant_rollbacks.rolled_back_at is 'When.';

-- ==== sql/10_tables/rules.sql

-- What decide needs of an active experiment, in one row that it reads in the order in which it asks.
create table private.live_rules (
  experiment_id uuid primary key,
  workspace_id uuid not null,
  environment_id uuid not null,
  capability_id uuid not null,
  breadth smallint not null,
  started_at timestamptz not null,
  key text not null,
  salt text not null,
  traffic integer not null,
  by_conversation boolean not null,
  action_ids uuid[],
  intent_ids uuid[],
  runs_any_action boolean not null,
  runs_action_ids uuid[] not null,
  audience jsonpath,
  layer_id uuid,
  layer_from integer,
  layer_to integer,
  phase_id uuid not null,
  arm_ids uuid[] not null,
  arm_starts integer[] not null,
  arms jsonb not null,
  digest text not null,
  stream uuid not null generated always as (case when layer_id is null then capability_id else experiment_id end) stored,
  constraint live_rules_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create index live_rules_place on private.live_rules
  (environment_id, capability_id, stream, breadth, started_at, experiment_id);
create index live_rules_slots on private.live_rules (environment_id, capability_id, layer_id, layer_from, layer_to)
  where layer_id is not null;
create index live_rules_experiment_id on private.live_rules (workspace_id, experiment_id);

comment on table private.live_rules is 'The active experiments, compiled for decide; derived by triggers, never the truth.';
comment on column private.live_rules.experiment_id is 'The experiment.';
comment on column private.live_rules.workspace_id is 'The workspace.';
comment on column private.live_rules.environment_id is 'Where it runs.';
comment on column private.live_rules.capability_id is 'The capability that it changes.';
comment on column private.live_rules.breadth is '0 names actions and intents, 1 actions, 2 intents, 3 neither: the narrower is asked first.';
comment on column private.live_rules.started_at is 'First activation: among equally narrow ones the older is asked first.';
comment on column private.live_rules.key is 'The experiment''s key.';
comment on column private.live_rules.salt is 'Salt of the traffic and variant buckets.';
comment on column private.live_rules.traffic is 'Share of units that take part, in basis points.';
comment on column private.live_rules.by_conversation is 'True when the unit is the conversation, not the subject.';
comment on column private.live_rules.action_ids is 'The actions that it covers; null is all.';
comment on column private.live_rules.intent_ids is 'The intents that it covers; null is all.';
comment on column private.live_rules.runs_any_action is 'True when every arm has a version for whatever action.';
comment on column private.live_rules.runs_action_ids is 'Otherwise the actions for which every arm has a version.';
comment on column private.live_rules.audience is 'The compiled audience; null is everybody.';
comment on column private.live_rules.layer_id is 'The layer; null is none.';
comment on column private.live_rules.layer_from is 'First of its slots.';
comment on column private.live_rules.layer_to is 'One past its last slot.';
comment on column private.live_rules.phase_id is 'The present phase.';
comment on column private.live_rules.arm_ids is 'The arms of the present phase, in the order of their buckets.';
comment on column private.live_rules.arm_starts is 'The first bucket of each of them.';
comment on column private.live_rules.arms is 'Every arm by its id: {key, is_control, rolled_back, versions: {action id or *: version id}}.';
comment on column private.live_rules.digest is 'SHA-256 of the row: what the etag of a ruleset is made of.';
comment on column private.live_rules.stream is E'Where decide looks for it: the experiments without a layer stand in one stream and are asked in their order,\\none in a layer stands alone and is found by the slot or by the arm of a unit.';

-- ==== sql/10_tables/factors.sql

create table public.factors (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint factors_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  key text not null constraint factors_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  kind text not null constraint factors_kind_known check (kind in ('prompt', 'model', 'param', 'tools', 'version')),
  action_id uuid,
  param text constraint factors_param_length check (length(param) between 1 and 100),
  position integer not null constraint factors_position_positive check (position > 0),
  constraint factors_key_unique unique (experiment_id, key),
  constraint factors_in_workspace unique (workspace_id, id),
  constraint factors_of_experiment unique (workspace_id, experiment_id, id),
  constraint factors_param_named check ((kind = 'param') = (param is not null)),
  constraint factors_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade,
  constraint factors_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict
);

create index factors_action_id on public.factors (workspace_id, action_id);

comment on table public.factors is E'In a factorial experiment, one thing that varies; the arms are combinations of levels.\nWritten by create_experiment and edit_experiment.';
comment on column public.factors.id is 'Time-ordered uuid.';
comment on column public.factors.workspace_id is 'The workspace.';
comment on column public.factors.experiment_id is 'The experiment.';
comment on column public.factors.key is 'Unique in the experiment.';
comment on column public.factors.name is 'What people call it.';
comment on column public.factors.kind is 'What varies: prompt (the messages), model, param (one parameter), tools, or version (a whole version).';
comment on column public.factors.action_id is 'The action in which it varies; null for every action.';
comment on column public.factors.param is 'For the kind param: the parameter, for instance temperature.';
comment on column public.factors.position is 'Its place in the order of factors, from 1.';

create table public.factor_levels (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint factor_levels_workspace_id_fkey references public.workspaces (id) on delete restrict,
  factor_id uuid not null,
  key text not null constraint factor_levels_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  value jsonb,
  position integer not null constraint factor_levels_position_positive check (position > 0),
  constraint factor_levels_key_unique unique (factor_id, key),
  constraint factor_levels_of_factor unique (workspace_id, factor_id, id),
  constraint factor_levels_factor_id_fkey foreign key (workspace_id, factor_id)
    references public.factors (workspace_id, id) on delete cascade
);

create index factor_levels_factor_id on public.factor_levels (workspace_id, factor_id);

comment on table public.factor_levels is 'One value that a factor takes; the first is the control''s.';
comment on column public.factor_levels.id is 'Time-ordered uuid.';
comment on column public.factor_levels.workspace_id is 'The workspace.';
comment on column public.factor_levels.factor_id is 'The factor.';
comment on column public.factor_levels.key is 'Unique in the factor.';
comment on column public.factor_levels.name is 'What people call it.';
comment on column public.factor_levels.value is 'The messages, the model, the parameter''s value, the tools or the version; null for what the base has.';
comment on column public.factor_levels.position is 'Its place in the order of levels, from 1.';

create table public.variant_levels (
  workspace_id uuid not null
    constraint variant_levels_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  variant_id uuid not null,
  factor_id uuid not null,
  level_id uuid not null,
  primary key (variant_id, factor_id),
  constraint variant_levels_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete cascade,
  constraint variant_levels_factor_id_fkey foreign key (workspace_id, experiment_id, factor_id)
    references public.factors (workspace_id, experiment_id, id) on delete cascade,
  constraint variant_levels_level_id_fkey foreign key (workspace_id, factor_id, level_id)
    references public.factor_levels (workspace_id, factor_id, id) on delete cascade
);

create index variant_levels_variant_id on public.variant_levels (workspace_id, experiment_id, variant_id);
create index variant_levels_factor_id on public.variant_levels (workspace_id, experiment_id, factor_id);
create index variant_levels_level_id on public.variant_levels (workspace_id, factor_id, level_id);

comment on table public.variant_levels is 'The level that an arm has of a factor: what its cell of the design is.';
comment on column public.variant_levels.workspace_id is 'The workspace.';
comment on column public.variant_levels.experiment_id is 'The experiment.';
comment on column public.variant_levels.variant_id is 'The arm.';
comment on column public.variant_levels.factor_id is 'The factor.';
comment on column public.variant_levels.level_id is 'The level.';

-- ==== sql/10_tables/experiment_templates.sql

create table public.experiment_templates (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiment_templates_workspace_id_fkey references public.workspaces (id) on delete cascade,
  key text not null constraint experiment_templates_key_shape check (key ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  name text not null,
  description text not null default '',
  slots jsonb not null constraint experiment_templates_slots_object check (jsonb_typeof(slots) = 'object'),
  document jsonb not null constraint experiment_templates_document_object check (jsonb_typeof(document) = 'object'),
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint experiment_templates_key_unique unique (workspace_id, key),
  constraint experiment_templates_in_workspace unique (workspace_id, id)
);

comment on table public.experiment_templates is E'An experiment with blanks: create_experiment_from_template fills them.\nFive are made with a workspace; save_as_template makes one of a good experiment.';
comment on column public.experiment_templates.id is 'Time-ordered uuid.';
comment on column public.experiment_templates.workspace_id is 'The workspace.';
comment on column public.experiment_templates.key is 'The name that code uses: unique in the workspace; 1 to 100 letters, digits, _ . : or -, the first a letter or a digit.';
comment on column public.experiment_templates.name is 'What people call it.';
comment on column public.experiment_templates.description is 'What it is good for.';
comment on column public.experiment_templates.slots is 'The blanks: {name: {type, description, default}}. A slot without a default must be filled.';
comment on column public.experiment_templates.document is 'A document for create_experiment in which {"$slot": "name"} stands for a blank.';
comment on column public.experiment_templates.created_by is 'The user who made it; null for those that came with the workspace, a key or a server.';
comment on column public.experiment_templates.created_at is 'When it was made.';

-- ==== sql/10_tables/deployments.sql

create table public.deployments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint deployments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  number integer not null constraint deployments_number_positive check (number > 0),
  prompt_version_id uuid,
  previous_version_id uuid,
  kind text not null constraint deployments_kind_known check (kind in ('publish', 'rollback', 'withdraw')),
  restores_number integer,
  reason text not null default '',
  created_by uuid,
  created_at timestamptz not null default private.now(),
  constraint deployments_version_of_publish check (kind <> 'publish' or prompt_version_id is not null),
  constraint deployments_version_of_withdraw check (kind <> 'withdraw' or prompt_version_id is null),
  constraint deployments_restores_of_rollback check ((kind = 'rollback') = (restores_number is not null)),
  constraint deployments_restores_earlier check (restores_number between 0 and number - 1),
  constraint deployments_one_next unique nulls not distinct
    (environment_id, capability_id, action_id, intent_id, number),
  constraint deployments_in_workspace unique (workspace_id, id),
  constraint deployments_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint deployments_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint deployments_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict,
  constraint deployments_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint deployments_prompt_version_id_fkey foreign key (workspace_id, prompt_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint deployments_previous_version_id_fkey foreign key (workspace_id, previous_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

create index deployments_environment_id on public.deployments (workspace_id, environment_id);
create index deployments_action_id on public.deployments (workspace_id, capability_id, action_id);
create index deployments_intent_id on public.deployments (workspace_id, intent_id);
create index deployments_prompt_version_id on public.deployments (workspace_id, prompt_version_id);
create index deployments_previous_version_id on public.deployments (workspace_id, previous_version_id);

comment on table public.deployments is E'Append-only moves of a pointer: at (environment, capability, action?, intent?) this version is live since then.\nWritten by publish, rollback and withdraw. The highest number of a scope is live; the most specific scope wins. A move without a version ends the scope''s override: the wider scope applies again.';
comment on column public.deployments.id is 'Time-ordered uuid.';
comment on column public.deployments.workspace_id is 'The workspace.';
comment on column public.deployments.environment_id is 'Scope: the environment.';
comment on column public.deployments.capability_id is 'Scope: the capability.';
comment on column public.deployments.action_id is 'Scope: the action; null for the whole capability.';
comment on column public.deployments.intent_id is 'Scope: the intent; null for every intent.';
comment on column public.deployments.number is 'Counts the moves of this scope from 1.';
comment on column public.deployments.prompt_version_id is 'The version that went live; null when the scope was given back to the wider one.';
comment on column public.deployments.previous_version_id is 'The version that was live before; null when none was.';
comment on column public.deployments.kind is 'publish, rollback or withdraw.';
comment on column public.deployments.reason is 'Why, in the person''s words.';
comment on column public.deployments.created_by is 'The user who moved it; null for a server''s key.';
comment on column public.deployments.created_at is 'Since when it is live.';
comment on column public.deployments.restores_number is E'Rollbacks: the number of the move whose state came back; 0 is the time before the first.\nThe next rollback goes on from there, so that several go further back and never to and fro.';

-- The last move of each scope, kept by a trigger: decide reads one row a scope, however long the history.
create table private.deployment_heads (
  deployment_id uuid primary key,
  workspace_id uuid not null
    constraint deployment_heads_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid,
  number integer not null,
  constraint deployment_heads_scope unique nulls not distinct (environment_id, capability_id, action_id, intent_id),
  constraint deployment_heads_deployment_id_fkey foreign key (deployment_id)
    references public.deployments (id) on delete restrict
);

create index deployment_heads_workspace_id on private.deployment_heads (workspace_id);

comment on table private.deployment_heads is 'The last deployment of each scope; derived from deployments, never the truth.';
comment on column private.deployment_heads.deployment_id is 'The deployment.';
comment on column private.deployment_heads.workspace_id is 'The workspace.';
comment on column private.deployment_heads.environment_id is 'Scope: the environment.';
comment on column private.deployment_heads.capability_id is 'Scope: the capability.';
comment on column private.deployment_heads.action_id is 'Scope: the action or null.';
comment on column private.deployment_heads.intent_id is 'Scope: the intent or null.';
comment on column private.deployment_heads.prompt_version_id is 'The version that is live; null when the wider scope applies.';
comment on column private.deployment_heads.number is 'The number of the move.';

-- ==== sql/10_tables/ramps.sql

create table public.ramps (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint ramps_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  experiment_id uuid not null,
  version_id uuid not null,
  from_version_id uuid not null,
  replaces_version_id uuid,
  state text not null default 'running'
    constraint ramps_state_known check (state in ('running', 'completed', 'aborted', 'stopped')),
  step integer not null default 1,
  revision integer not null default 1,
  min_subjects integer not null constraint ramps_min_subjects_range check (min_subjects between 2 and 1000000),
  reason text not null default '',
  end_code text,
  deployment_id uuid,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  ended_at timestamptz,
  constraint ramps_in_workspace unique (workspace_id, id),
  constraint ramps_end_whole check ((state = 'running') = (ended_at is null) and (end_code is null or ended_at is not null)),
  constraint ramps_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint ramps_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint ramps_action_id_fkey foreign key (workspace_id, capability_id, action_id)
    references public.actions (workspace_id, capability_id, id) on delete restrict,
  constraint ramps_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint ramps_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint ramps_version_id_fkey foreign key (workspace_id, version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint ramps_from_version_id_fkey foreign key (workspace_id, from_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint ramps_replaces_version_id_fkey foreign key (workspace_id, replaces_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint ramps_deployment_id_fkey foreign key (workspace_id, deployment_id)
    references public.deployments (workspace_id, id) on delete restrict
);

create unique index ramps_one_runs on public.ramps (environment_id, capability_id, action_id, intent_id)
  nulls not distinct where state = 'running';
create index ramps_environment_id on public.ramps (workspace_id, environment_id);
create index ramps_action_id on public.ramps (workspace_id, capability_id, action_id);
create index ramps_intent_id on public.ramps (workspace_id, intent_id);
create index ramps_experiment_id on public.ramps (workspace_id, experiment_id);
create index ramps_version_id on public.ramps (workspace_id, version_id);
create index ramps_from_version_id on public.ramps (workspace_id, from_version_id);
create index ramps_replaces_version_id on public.ramps (workspace_id, replaces_version_id);
create index ramps_deployment_id on public.ramps (workspace_id, deployment_id);

comment on table public.ramps is E'A version that goes live in steps, each to a larger share of subjects, as long as its guardrails stand.\nUntil the last step it runs as an experiment: half of its traffic keeps the live version as the control, so that the evidence is randomised. The last step publishes and archives the experiment. Written by start_ramp, advance_ramp, abort_ramp and the worker.';
comment on column public.ramps.id is 'Time-ordered uuid.';
comment on column public.ramps.workspace_id is 'The workspace.';
comment on column public.ramps.environment_id is 'Scope: the environment.';
comment on column public.ramps.capability_id is 'Scope: the capability.';
comment on column public.ramps.action_id is 'Scope: the action; null for the whole capability.';
comment on column public.ramps.intent_id is 'Scope: the intent; null for every intent.';
comment on column public.ramps.experiment_id is 'The experiment that it runs as: its arms, its effects, its guardrails with their margins.';
comment on column public.ramps.version_id is 'The version that goes live.';
comment on column public.ramps.from_version_id is 'The version that answered the scope when the ramp began: the control.';
comment on column public.ramps.replaces_version_id is 'What was live at exactly this scope when it began; null when a wider scope answered.';
comment on column public.ramps.state is 'running; completed (published), aborted (by a person or a guardrail) or stopped (something else moved).';
comment on column public.ramps.step is 'The number of its present step in ramp_steps.';
comment on column public.ramps.revision is 'Counts its moves: name the one you saw, and a stale move is refused.';
comment on column public.ramps.min_subjects is 'How many subjects each arm needs before a guardrail is believed to stand.';
comment on column public.ramps.reason is 'Why, in the person''s words.';
comment on column public.ramps.end_code is E'Why it ended without being published.\naborted_by_hand, guardrail_breached, scope_moved, live_version_changed, narrower_scope_moved or experiment_archived.';
comment on column public.ramps.deployment_id is 'The deployment that completed it.';
comment on column public.ramps.created_by is 'The user who started it; null for a key or a server. No foreign key: history outlives accounts.';
comment on column public.ramps.created_at is 'When it was started.';
comment on column public.ramps.ended_at is 'When it was completed, aborted or stopped.';

create table public.ramp_steps (
  workspace_id uuid not null
    constraint ramp_steps_workspace_id_fkey references public.workspaces (id) on delete restrict,
  ramp_id uuid not null,
  number integer not null constraint ramp_steps_number_positive check (number > 0),
  share integer not null constraint ramp_steps_share_range check (share between 1 and 5000 or share = 10000),
  hold interval not null constraint ramp_steps_hold_positive check (hold >= interval '0'),
  started_at timestamptz,
  primary key (ramp_id, number),
  constraint ramp_steps_ramp_id_fkey foreign key (workspace_id, ramp_id)
    references public.ramps (workspace_id, id) on delete restrict
);

create index ramp_steps_ramp_id on public.ramp_steps (workspace_id, ramp_id);

comment on table public.ramp_steps is 'The steps of a ramp: what share gets the new version, and for how long at least.';
comment on column public.ramp_steps.workspace_id is 'The workspace.';
comment on column public.ramp_steps.ramp_id is 'The ramp.';
comment on column public.ramp_steps.number is 'Counts from 1.';
comment on column public.ramp_steps.share is 'Share of subjects that get the new version, in basis points: 500 is 5 %. The last step, 10000, publishes.';
comment on column public.ramp_steps.hold is 'How long the step lasts before the next may begin by itself.';
comment on column public.ramp_steps.started_at is 'When it began; null until then.';

-- Apart from ramps: workers lock these rows first and a ramp's last, so that nobody waits in a circle.
create table private.ramp_clock (
  ramp_id uuid primary key,
  workspace_id uuid not null
    constraint ramp_clock_workspace_id_fkey references public.workspaces (id) on delete cascade,
  checked_at timestamptz not null default '-infinity',
  constraint ramp_clock_ramp_id_fkey foreign key (workspace_id, ramp_id)
    references public.ramps (workspace_id, id) on delete cascade
);

create index ramp_clock_ramp_id on private.ramp_clock (workspace_id, ramp_id);
create index ramp_clock_checked_at on private.ramp_clock (checked_at);

comment on table private.ramp_clock is 'When a worker last looked at a running ramp; its row is what a worker claims.';
comment on column private.ramp_clock.ramp_id is 'The ramp.';
comment on column private.ramp_clock.workspace_id is 'The workspace.';
comment on column private.ramp_clock.checked_at is 'When.';

-- ==== sql/10_tables/assignments.sql

create table public.assignments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint assignments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  unit_id text not null constraint assignments_unit_id_length check (length(unit_id) between 1 and 512),
  subject text not null,
  conversation text,
  intent_id uuid,
  bucket integer not null constraint assignments_bucket_range check (bucket between 0 and 9999),
  attributes jsonb not null default '{}',
  assigned_at timestamptz not null default private.now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  actor_kind text not null
    constraint assignments_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  constraint assignments_sticky unique (workspace_id, unit_id, experiment_id),
  constraint assignments_phase_id_fkey foreign key (workspace_id, experiment_id, phase_id)
    references public.experiment_phases (workspace_id, experiment_id, id) on delete restrict,
  constraint assignments_variant_id_fkey foreign key (workspace_id, experiment_id, variant_id)
    references public.variants (workspace_id, experiment_id, id) on delete restrict
);

create index assignments_phase_id on public.assignments (workspace_id, experiment_id, phase_id);
create index assignments_variant_id on public.assignments (workspace_id, experiment_id, variant_id);
create index assignments_conversation on public.assignments (workspace_id, conversation) where conversation is not null;
create index assignments_tx on public.assignments using brin (tx);

-- Sticky by unit first: one descent finds all arms of a unit, however many experiments are live.
comment on constraint assignments_sticky on public.assignments is 'A unit has one arm in an experiment.';

comment on table public.assignments is E'A unit''s arm in an experiment, decided once: sticky, append-only, and the log of its first exposure.\nWritten by decide in the transaction that answers.';
comment on column public.assignments.id is 'Time-ordered uuid.';
comment on column public.assignments.workspace_id is 'The workspace.';
comment on column public.assignments.experiment_id is 'The experiment.';
comment on column public.assignments.phase_id is 'The phase in which it was decided.';
comment on column public.assignments.variant_id is 'The arm.';
comment on column public.assignments.unit_id is 'What was hashed: the subject, or the conversation if the experiment assigns conversations.';
comment on column public.assignments.subject is 'The subject of the first exposure.';
comment on column public.assignments.conversation is 'The conversation of the first exposure.';
comment on column public.assignments.intent_id is 'The intent of the first exposure. No foreign key: history outlives the catalogue.';
comment on column public.assignments.bucket is 'The hash''s bucket, of 0 to 9999.';
comment on column public.assignments.attributes is 'What the caller said about the subject then.';
comment on column public.assignments.assigned_at is 'The first exposure.';
comment on column public.assignments.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';
comment on column public.assignments.actor_kind is 'Who asked: user, api_key, service or system. The table is its own audit log.';
comment on column public.assignments.actor_id is 'The user or the API key that asked.';

-- ==== sql/10_tables/inferences.sql

-- No foreign keys beyond the workspace: record_inferences alone writes here and resolves every reference itself;
-- each key would cost an index and a lookup per row on the hottest path.
create table public.inferences (
  id uuid not null,
  workspace_id uuid not null
    constraint inferences_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  subject text not null,
  conversation text,
  capability_id uuid not null,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid not null,
  experiment_id uuid,
  variant_id uuid,
  provider text not null,
  requested_model text not null,
  resolved_model text,
  started_at timestamptz not null,
  latency_ms double precision not null,
  input_tokens integer,
  output_tokens integer,
  cost_usd double precision,
  status text not null constraint inferences_status_known check (status in ('ok', 'error')),
  error_code text,
  finish_reason text,
  output text,
  received_at timestamptz not null default now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (workspace_id, id)
);

create index inferences_subject on public.inferences (workspace_id, subject, started_at);
create index inferences_conversation on public.inferences (workspace_id, conversation) where conversation is not null;
-- Rows come in the order of time: a block range index costs next to nothing, and finds the last day.
create index inferences_received_at on public.inferences using brin (received_at);
create index inferences_tx on public.inferences using brin (tx);

comment on table public.inferences is E'One call of a model. Append-only; written by record_inferences.\nThe caller makes the id, so that sending a batch twice records it once.';
comment on column public.inferences.id is 'The caller''s uuid, unique in the workspace.';
comment on column public.inferences.workspace_id is 'The workspace.';
comment on column public.inferences.environment_id is 'Where it happened.';
comment on column public.inferences.subject is 'For whom: the same text that decide got.';
comment on column public.inferences.conversation is 'In which conversation.';
comment on column public.inferences.capability_id is 'For which capability.';
comment on column public.inferences.action_id is 'For which action.';
comment on column public.inferences.intent_id is 'With which intent.';
comment on column public.inferences.prompt_version_id is 'The version that ran.';
comment on column public.inferences.experiment_id is 'The experiment that chose it.';
comment on column public.inferences.variant_id is 'The arm that chose it.';
comment on column public.inferences.provider is 'Who ran the model.';
comment on column public.inferences.requested_model is 'The model that was asked for.';
comment on column public.inferences.resolved_model is 'The model that the provider says it used.';
comment on column public.inferences.started_at is 'When the call began.';
comment on column public.inferences.latency_ms is 'How long it took, in milliseconds.';
comment on column public.inferences.input_tokens is 'Tokens in.';
comment on column public.inferences.output_tokens is 'Tokens out.';
comment on column public.inferences.cost_usd is 'What it cost, in US dollars.';
comment on column public.inferences.status is 'ok or error.';
comment on column public.inferences.error_code is 'The provider''s or adapter''s code of the error.';
comment on column public.inferences.finish_reason is 'Why the model stopped.';
comment on column public.inferences.output is 'What the model said, if the caller wants it kept.';
comment on column public.inferences.received_at is 'When it was recorded.';
comment on column public.inferences.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';

-- ==== sql/10_tables/outcomes.sql

-- No foreign keys beyond the workspace, for the reason given in inferences.sql.
create table public.outcomes (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint outcomes_workspace_id_fkey references public.workspaces (id) on delete restrict,
  environment_id uuid not null,
  metric_id uuid not null,
  -- Squares of squares of values must stay inside a double, or one row would break every reader.
  value double precision not null constraint outcomes_value_range
    check (value = 0 or abs(value) between 1e-60 and 1e60),
  subject text,
  conversation text,
  inference_id uuid,
  key_type text,
  key_value text,
  occurred_at timestamptz not null,
  source text not null,
  source_event_id text not null,
  received_at timestamptz not null default now(),
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  constraint outcomes_once unique (workspace_id, environment_id, source, source_event_id),
  constraint outcomes_belong check (num_nonnulls(subject, conversation, inference_id, key_value) > 0),
  constraint outcomes_key_whole check ((key_type is null) = (key_value is null))
);

create index outcomes_metric on public.outcomes (metric_id, environment_id, occurred_at);
create index outcomes_tx on public.outcomes using brin (tx);

comment on table public.outcomes is E'One measured event. Append-only; written by record_outcomes.\nIdempotent within an environment by (source, source_event_id): the first received wins. It may come before the inference that it belongs to, or days later.';
comment on column public.outcomes.id is 'Time-ordered uuid.';
comment on column public.outcomes.workspace_id is 'The workspace.';
comment on column public.outcomes.environment_id is 'Where it happened.';
comment on column public.outcomes.metric_id is 'What was measured.';
comment on column public.outcomes.value is 'How much; true is 1 and false is 0.';
comment on column public.outcomes.subject is 'Whose it is, if the source knows.';
comment on column public.outcomes.conversation is 'The conversation, if the source knows.';
comment on column public.outcomes.inference_id is 'The inference, if the source knows.';
comment on column public.outcomes.key_type is 'Kind of business key, for instance ticket.';
comment on column public.outcomes.key_value is 'The business key.';
comment on column public.outcomes.occurred_at is 'When it happened, by the source''s clock.';
comment on column public.outcomes.source is 'Who says so, for instance crm.';
comment on column public.outcomes.source_event_id is 'The source''s id of the event.';
comment on column public.outcomes.received_at is 'When it was recorded.';
comment on column public.outcomes.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';

create table public.outcome_keys (
  workspace_id uuid not null
    constraint outcome_keys_workspace_id_fkey references public.workspaces (id) on delete restrict,
  key_type text not null constraint outcome_keys_type_shape check (key_type ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'),
  key_value text not null constraint outcome_keys_value_length check (length(key_value) between 1 and 512),
  subject text not null,
  conversation text not null default '',
  seen_at timestamptz not null,
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (workspace_id, key_type, key_value, subject, conversation)
);

comment on table public.outcome_keys is E'A business key that a subject or conversation was seen with, so that late outcomes find their way.\nWritten with inferences. A key seen with several subjects belongs to the one who was seen first.';
comment on column public.outcome_keys.workspace_id is 'The workspace.';
comment on column public.outcome_keys.key_type is 'Kind of key, for instance ticket.';
comment on column public.outcome_keys.key_value is 'The key.';
comment on column public.outcome_keys.subject is 'The subject that it was seen with.';
comment on column public.outcome_keys.conversation is 'The conversation that it was seen in; empty when there was none.';
comment on column public.outcome_keys.seen_at is 'When it was seen, by the caller''s clock.';
comment on column public.outcome_keys.tx is 'The transaction that wrote it: readers that keep up use it as a watermark.';

-- ==== sql/10_tables/units.sql

-- What a subject is to an experiment, and what it is worth to each metric: the state between raw rows and moments.
-- No foreign keys: these are derived row by row from the raw tables by the compactor alone, and private.rebuild makes them
-- anew. Pages keep room, so that a value that moves stays on its page and no index hears of it.
create table private.experiment_units (
  workspace_id uuid not null,
  experiment_id uuid not null,
  unit_id text not null,
  phase_id uuid not null,
  variant_id uuid not null,
  entered_at timestamptz not null,
  entry_day date not null,
  counts_until timestamptz not null default 'infinity',
  intent_id uuid,
  segments jsonb not null default '{}',
  standing text not null
    constraint experiment_units_standing_known check (standing in ('counted', 'bot', 'switcher')),
  primary key (experiment_id, unit_id)
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

comment on table private.experiment_units is E'One row per experiment × unit: where its first exposure put it.\nThe first exposure is the earliest by the callers'' clocks. Derived.';
comment on column private.experiment_units.workspace_id is 'The workspace.';
comment on column private.experiment_units.experiment_id is 'The experiment.';
comment on column private.experiment_units.unit_id is 'The subject, or the conversation.';
comment on column private.experiment_units.phase_id is 'The phase of the first exposure.';
comment on column private.experiment_units.variant_id is 'Its arm.';
comment on column private.experiment_units.entered_at is 'When it was.';
comment on column private.experiment_units.entry_day is 'Its day, UTC: the cohort.';
comment on column private.experiment_units.counts_until is 'When the arm was rolled back in the phase or after it: nothing counts from then on.';
comment on column private.experiment_units.intent_id is 'The intent of the first exposure.';
comment on column private.experiment_units.segments is 'The declared attributes as the first exposure had them: {name: text}; empty text where it had none.';
comment on column private.experiment_units.standing is 'counted; bot when any exposure said so; switcher when it was seen in two arms.';

create table private.unit_values (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  unit_id text not null,
  outcomes_used bigint not null,
  outcomes_before bigint not null,
  outcomes_after bigint not null,
  x_count bigint not null,
  y_sum numeric,
  d_sum numeric,
  x_sum numeric,
  w_sum numeric,
  y double precision not null,
  d double precision not null,
  x double precision not null,
  w double precision not null,
  primary key (experiment_id, unit_id, metric_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

comment on table private.unit_values is E'One row per experiment × metric × unit that has any event: what the unit is worth to the metric.\nDerived; the sums are exact, so that adding and taking away leave no trace.';
comment on column private.unit_values.workspace_id is 'The workspace.';
comment on column private.unit_values.experiment_id is 'The experiment.';
comment on column private.unit_values.metric_id is 'The metric.';
comment on column private.unit_values.unit_id is 'The unit.';
comment on column private.unit_values.outcomes_used is 'Events inside the window that begins with the first exposure.';
comment on column private.unit_values.outcomes_before is 'Events before the first exposure: they never count.';
comment on column private.unit_values.outcomes_after is 'Events after the window, or after the arm was rolled back.';
comment on column private.unit_values.x_count is 'Of those before, the ones in a window as long as the metric''s that ends with the first exposure.';
comment on column private.unit_values.y_sum is 'Exact sum of the values that make y; null for a metric that takes the maximum.';
comment on column private.unit_values.d_sum is 'Exact sum of the denominator of a ratio; else null.';
comment on column private.unit_values.x_sum is 'As y_sum, of the window before.';
comment on column private.unit_values.w_sum is 'As d_sum, of the window before.';
comment on column private.unit_values.y is 'The unit''s value; the numerator of a ratio. Zero while there is none.';
comment on column private.unit_values.d is 'One when there is a value, else zero; the denominator of a ratio.';
comment on column private.unit_values.x is 'What y would have been in the window before the first exposure.';
comment on column private.unit_values.w is 'What d would have been then.';

create table private.outcome_places (
  outcome_id uuid primary key,
  workspace_id uuid not null,
  environment_id uuid not null,
  metric_id uuid not null,
  value double precision not null,
  occurred_at timestamptz not null,
  said_subject text,
  said_conversation text,
  inference_id uuid,
  key_type text,
  key_value text,
  subject text,
  conversation text,
  tx bigint not null
) with (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

create index outcome_places_subject on private.outcome_places (workspace_id, subject)
  where said_subject is null and subject is not null;
create index outcome_places_conversation on private.outcome_places (workspace_id, conversation)
  where said_conversation is null and conversation is not null;
create index outcome_places_inference_id on private.outcome_places (workspace_id, inference_id)
  where inference_id is not null and subject is null;
create index outcome_places_said_conversation on private.outcome_places (workspace_id, said_conversation)
  where said_subject is null and said_conversation is not null;
create index outcome_places_tx on private.outcome_places using brin (tx);
create index outcome_places_key on private.outcome_places (workspace_id, key_type, key_value) where key_value is not null;

comment on table private.outcome_places is E'One row per outcome whose source did not say all of its place: where the evidence so far puts it.\nWithout a place it waits, and counts nowhere. Derived; later evidence can move it.';
comment on column private.outcome_places.outcome_id is 'The outcome.';
comment on column private.outcome_places.workspace_id is 'The workspace.';
comment on column private.outcome_places.environment_id is 'Where it happened.';
comment on column private.outcome_places.metric_id is 'What was measured.';
comment on column private.outcome_places.value is 'How much.';
comment on column private.outcome_places.occurred_at is 'When it happened.';
comment on column private.outcome_places.said_subject is 'The subject, if the source said it.';
comment on column private.outcome_places.said_conversation is 'The conversation, if the source said it.';
comment on column private.outcome_places.inference_id is 'The inference that the source named.';
comment on column private.outcome_places.key_type is 'Kind of the business key that it named.';
comment on column private.outcome_places.key_value is 'The business key.';
comment on column private.outcome_places.subject is 'Whose it is; null while nobody knows.';
comment on column private.outcome_places.conversation is 'Which conversation''s it is; null while nobody knows.';
comment on column private.outcome_places.tx is 'The transaction that wrote the outcome.';

-- What a unit's values are made of is found by the unit when it has to be computed anew.
create index outcomes_subject on public.outcomes (workspace_id, subject) where subject is not null;
create index outcomes_conversation on public.outcomes (workspace_id, conversation) where conversation is not null;

create table private.marked_units (
  workspace_id uuid not null,
  unit_kind text not null constraint marked_units_kind_known check (unit_kind in ('subject', 'conversation')),
  unit_id text not null,
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (workspace_id, unit_kind, unit_id, tx)
);

comment on table private.marked_units is 'Units whose raw rows were taken away: the compactor computes them anew when that transaction is over.';
comment on column private.marked_units.workspace_id is 'The workspace.';
comment on column private.marked_units.unit_kind is 'subject or conversation.';
comment on column private.marked_units.unit_id is 'The unit.';
comment on column private.marked_units.tx is 'The transaction that took rows away.';

-- ==== sql/10_tables/moments.sql

-- Sums over units, by arm, cohort and declared segment: what a page reads. An effect and its standard error follow from
-- them without a look at subjects. Written by the compactor alone; no foreign keys, as in units.sql.
create table private.effect_moments (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  standing text not null,
  dimension text not null,
  segment text not null,
  entry_day date not null,
  units_with_value bigint not null,
  outcomes_used bigint not null,
  outcomes_before bigint not null,
  outcomes_after bigint not null,
  y numeric not null,
  d numeric not null,
  x numeric not null,
  w numeric not null,
  yy numeric not null,
  yd numeric not null,
  yx numeric not null,
  yw numeric not null,
  dd numeric not null,
  dx numeric not null,
  dw numeric not null,
  xx numeric not null,
  xw numeric not null,
  ww numeric not null,
  primary key (experiment_id, metric_id, phase_id, variant_id, standing, dimension, segment, entry_day)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index effect_moments_totals on private.effect_moments (experiment_id, dimension, metric_id)
  where entry_day = 'infinity';

comment on table private.effect_moments is E'One row per experiment × metric × phase × arm × standing × segment × cohort: sums over its units that have an event.\nThe row of the day infinity is the total of all cohorts. Units without an event are in unit_cells alone, and are zero here. Derived.';
comment on column private.effect_moments.workspace_id is 'The workspace.';
comment on column private.effect_moments.experiment_id is 'The experiment.';
comment on column private.effect_moments.metric_id is 'The metric.';
comment on column private.effect_moments.phase_id is 'The phase that its units entered in.';
comment on column private.effect_moments.variant_id is 'Their arm.';
comment on column private.effect_moments.standing is 'counted, bot or switcher.';
comment on column private.effect_moments.dimension is 'all, intent, or attribute:<name>.';
comment on column private.effect_moments.segment is 'The value of the dimension as text; empty for all, and for units that have none.';
comment on column private.effect_moments.entry_day is 'The day, UTC, on which its units entered; infinity for all days.';
comment on column private.effect_moments.units_with_value is 'Units with an event inside the window.';
comment on column private.effect_moments.outcomes_used is 'Events inside the window.';
comment on column private.effect_moments.outcomes_before is 'Events before the first exposure.';
comment on column private.effect_moments.outcomes_after is 'Events after the window.';
comment on column private.effect_moments.y is 'Exact sum over units of y.';
comment on column private.effect_moments.d is 'Exact sum over units of d.';
comment on column private.effect_moments.x is 'Exact sum over units of x.';
comment on column private.effect_moments.w is 'Exact sum over units of w.';
comment on column private.effect_moments.yy is 'Exact sum over units of y².';
comment on column private.effect_moments.yd is 'Exact sum over units of y·d.';
comment on column private.effect_moments.yx is 'Exact sum over units of y·x.';
comment on column private.effect_moments.yw is 'Exact sum over units of y·w.';
comment on column private.effect_moments.dd is 'Exact sum over units of d².';
comment on column private.effect_moments.dx is 'Exact sum over units of d·x.';
comment on column private.effect_moments.dw is 'Exact sum over units of d·w.';
comment on column private.effect_moments.xx is 'Exact sum over units of x².';
comment on column private.effect_moments.xw is 'Exact sum over units of x·w.';
comment on column private.effect_moments.ww is 'Exact sum over units of w².';

create table private.unit_cells (
  workspace_id uuid not null,
  experiment_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  standing text not null,
  dimension text not null,
  segment text not null,
  entry_day date not null,
  units bigint not null,
  primary key (experiment_id, phase_id, variant_id, standing, dimension, segment, entry_day)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);

create index unit_cells_totals on private.unit_cells (experiment_id, dimension) where entry_day = 'infinity';

comment on table private.unit_cells is E'One row per experiment × phase × arm × standing × segment × cohort: how many units it has.\nThe row of the day infinity is the total of all cohorts. Derived.';
comment on column private.unit_cells.workspace_id is 'The workspace.';
comment on column private.unit_cells.experiment_id is 'The experiment.';
comment on column private.unit_cells.phase_id is 'The phase.';
comment on column private.unit_cells.variant_id is 'The arm.';
comment on column private.unit_cells.standing is 'counted, bot or switcher.';
comment on column private.unit_cells.dimension is 'all, intent, or attribute:<name>.';
comment on column private.unit_cells.segment is 'The value of the dimension as text; empty for all, and for units that have none.';
comment on column private.unit_cells.entry_day is 'The day of entry, UTC; infinity for all days.';
comment on column private.unit_cells.units is 'How many.';

create table private.restatements (
  workspace_id uuid not null,
  experiment_id uuid not null,
  metric_id uuid not null,
  phase_id uuid not null,
  variant_id uuid not null,
  entry_day date not null,
  restated_on date not null,
  restated_at timestamptz not null,
  times integer not null default 1,
  units_before bigint not null,
  units_after bigint not null,
  sum_before numeric not null,
  sum_after numeric not null,
  primary key (experiment_id, metric_id, phase_id, variant_id, entry_day, restated_on)
);

comment on table private.restatements is 'Cohorts whose numbers changed after their window was closed, once a day of change.';
comment on column private.restatements.workspace_id is 'The workspace.';
comment on column private.restatements.experiment_id is 'The experiment.';
comment on column private.restatements.metric_id is 'The metric.';
comment on column private.restatements.phase_id is 'The phase.';
comment on column private.restatements.variant_id is 'The arm.';
comment on column private.restatements.entry_day is 'The cohort: the day on which its units entered.';
comment on column private.restatements.restated_on is 'The day of the change, UTC.';
comment on column private.restatements.restated_at is 'The last change of that day.';
comment on column private.restatements.times is 'How many times that day.';
comment on column private.restatements.units_before is 'Units with a value before the day''s first change.';
comment on column private.restatements.units_after is 'And after its last.';
comment on column private.restatements.sum_before is 'Sum of the units'' values before the day''s first change.';
comment on column private.restatements.sum_after is 'And after its last.';

create table private.watermark (
  one boolean primary key default true constraint watermark_one check (one),
  lo bigint not null default 0,
  system_identifier text,
  step bigint not null default 1000,
  covers_until timestamptz not null default '-infinity',
  compacted_at timestamptz not null default now()
) with (fillfactor = 50);

insert into private.watermark default values;

comment on table private.watermark is 'How far the compactor has come: every transaction before lo is counted, none from lo on.';
comment on column private.watermark.one is 'There is one row.';
comment on column private.watermark.lo is 'The first transaction that is not counted yet.';
comment on column private.watermark.system_identifier is 'The cluster that transaction ids are of: another one after a logical restore.';
comment on column private.watermark.step is 'How many transactions a tick takes at most; follows how long ticks take.';
comment on column private.watermark.covers_until is 'What was committed before this moment is counted.';
comment on column private.watermark.compacted_at is 'When the last tick ended.';

create table private.stale_experiments (
  experiment_id uuid not null,
  tx bigint not null default (pg_current_xact_id()::text::bigint),
  primary key (experiment_id, tx)
);

comment on table private.stale_experiments is 'Experiments whose rules of counting changed: the compactor rebuilds them when that transaction is over.';
comment on column private.stale_experiments.experiment_id is 'The experiment.';
comment on column private.stale_experiments.tx is 'The transaction that changed them.';

-- ==== sql/10_tables/changes.sql

create table public.changes (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint changes_workspace_id_fkey references public.workspaces (id) on delete restrict,
  kind text not null constraint changes_kind_known check (kind in (
    'deployment_published', 'deployment_rolled_back', 'deployment_withdrawn', 'variant_rolled_back', 'variant_restored',
    'ramp_started', 'ramp_advanced', 'ramp_completed', 'ramp_aborted', 'ramp_stopped',
    'experiment_activated', 'experiment_paused', 'experiment_resumed', 'experiment_archived',
    'holdout_changed',
    'provider_model_changed', 'import', 'incident', 'annotation')),
  environment_id uuid,
  capability_id uuid,
  action_id uuid,
  intent_id uuid,
  experiment_id uuid,
  variant_id uuid,
  deployment_id uuid,
  summary text not null,
  detail jsonb not null default '{}',
  actor_kind text not null constraint changes_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  occurred_at timestamptz not null default private.now(),
  recorded_at timestamptz not null default private.now(),
  supersedes_id uuid,
  constraint changes_in_workspace unique (workspace_id, id),
  constraint changes_corrections check (supersedes_id is null or kind in ('annotation', 'incident')),
  constraint changes_supersedes_id_fkey foreign key (workspace_id, supersedes_id)
    references public.changes (workspace_id, id) on delete restrict,
  constraint changes_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint changes_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint changes_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict,
  constraint changes_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint changes_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint changes_variant_id_fkey foreign key (workspace_id, variant_id)
    references public.variants (workspace_id, id) on delete restrict,
  constraint changes_deployment_id_fkey foreign key (workspace_id, deployment_id)
    references public.deployments (workspace_id, id) on delete restrict
);

create index changes_occurred_at on public.changes (workspace_id, occurred_at);
create unique index changes_corrected_once on public.changes (workspace_id, supersedes_id);
create index changes_environment_id on public.changes (workspace_id, environment_id);
create index changes_capability_id on public.changes (workspace_id, capability_id);
create index changes_action_id on public.changes (workspace_id, action_id);
create index changes_intent_id on public.changes (workspace_id, intent_id);
create index changes_experiment_id on public.changes (workspace_id, experiment_id);
create index changes_variant_id on public.changes (workspace_id, variant_id);
create index changes_deployment_id on public.changes (workspace_id, deployment_id);

comment on table public.changes is E'The ledger of everything that could have moved an outcome. Append-only.\nWritten in the transaction of the change itself.';
comment on column public.changes.id is 'Time-ordered uuid.';
comment on column public.changes.workspace_id is 'The workspace.';
comment on column public.changes.kind is 'What happened.';
comment on column public.changes.environment_id is 'Where.';
comment on column public.changes.capability_id is 'To which capability.';
comment on column public.changes.action_id is 'To which action.';
comment on column public.changes.intent_id is 'For which intent.';
comment on column public.changes.experiment_id is 'To which experiment.';
comment on column public.changes.variant_id is 'To which arm.';
comment on column public.changes.deployment_id is 'By which deployment.';
comment on column public.changes.summary is 'One sentence for people.';
comment on column public.changes.detail is 'The same for machines.';
comment on column public.changes.actor_kind is 'user, api_key, service (a server''s secret key, or a worker) or system.';
comment on column public.changes.actor_id is 'The user or the API key, if one did it.';
comment on column public.changes.occurred_at is 'When it happened: for an annotation or an incident, as its author says.';
comment on column public.changes.recorded_at is 'When it was written down.';
comment on column public.changes.supersedes_id is 'The annotation or incident that this one corrects; see timeline.';

-- ==== sql/10_tables/experiment_results.sql

-- What workers computed: methods that SQL does not do, kept as rows so that everybody reads the same number.
create table public.experiment_results (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint experiment_results_workspace_id_fkey references public.workspaces (id) on delete restrict,
  experiment_id uuid,
  metric_id uuid,
  variant_id uuid,
  change_id uuid,
  method text not null constraint experiment_results_method_length check (length(method) between 1 and 100),
  method_version text not null
    constraint experiment_results_method_version_length check (length(method_version) between 1 and 100),
  inputs jsonb not null default '{}',
  inputs_hash text not null constraint experiment_results_inputs_hash_shape check (inputs_hash ~ '^[0-9a-f]{64}$'),
  result jsonb,
  reason_code text,
  grade text constraint experiment_results_grade_known check (grade in ('A', 'B', 'C', 'not_separable')),
  as_of timestamptz not null,
  created_at timestamptz not null default private.now(),
  constraint experiment_results_once unique (workspace_id, inputs_hash),
  -- An absent result is absent, and says why.
  constraint experiment_results_said check (result is not null or reason_code is not null),
  constraint experiment_results_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint experiment_results_metric_id_fkey foreign key (workspace_id, metric_id)
    references public.outcome_metrics (workspace_id, id) on delete restrict,
  constraint experiment_results_variant_id_fkey foreign key (workspace_id, variant_id)
    references public.variants (workspace_id, id) on delete restrict,
  constraint experiment_results_change_id_fkey foreign key (workspace_id, change_id)
    references public.changes (workspace_id, id) on delete restrict
);

create index experiment_results_experiment_id on public.experiment_results (workspace_id, experiment_id, as_of);
create index experiment_results_metric_id on public.experiment_results (workspace_id, metric_id);
create index experiment_results_variant_id on public.experiment_results (workspace_id, variant_id);
create index experiment_results_change_id on public.experiment_results (workspace_id, change_id);

comment on table public.experiment_results is E'One row per computation that a worker made: regression adjustment, interrupted series, group-sequential bounds and the like. Append-only.\nThe latest as_of of a method is the one to read; older rows say what was known then. What SQL computes itself is in experiment_effects, not here.';
comment on column public.experiment_results.id is 'Time-ordered uuid.';
comment on column public.experiment_results.workspace_id is 'The workspace.';
comment on column public.experiment_results.experiment_id is 'The experiment that it is about, if it is about one.';
comment on column public.experiment_results.metric_id is 'The outcome metric.';
comment on column public.experiment_results.variant_id is 'The arm that is compared with the control.';
comment on column public.experiment_results.change_id is 'The change of the ledger that it is about.';
comment on column public.experiment_results.method is 'What was computed, for instance aipw or its_newey_west.';
comment on column public.experiment_results.method_version is 'The version of the code that computed it.';
comment on column public.experiment_results.inputs is 'What it was computed from: parameters, columns, the rows'' fingerprint.';
comment on column public.experiment_results.inputs_hash is 'SHA-256 of what it is about, method, version, inputs and as_of: the same computation is stored once.';
comment on column public.experiment_results.result is 'The numbers, by the names of experiment_effects where they mean the same; null when they cannot be computed.';
comment on column public.experiment_results.reason_code is 'Why the result is absent, or what to mind about it.';
comment on column public.experiment_results.grade is 'Grade of evidence: A randomised, B quasi-experimental, C before and after, not_separable.';
comment on column public.experiment_results.as_of is 'The moment whose data it saw.';
comment on column public.experiment_results.created_at is 'When it was stored.';

-- ==== sql/10_tables/provider_keys.sql

create table public.provider_keys (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint provider_keys_workspace_id_fkey references public.workspaces (id) on delete restrict,
  provider text not null constraint provider_keys_provider_shape check (provider ~ '^[a-z0-9][a-z0-9_.:-]{0,99}$'),
  name text not null,
  hint text not null,
  test_status text constraint provider_keys_test_status_known check (test_status in ('ok', 'error')),
  test_error_code text,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  rotated_at timestamptz not null default private.now(),
  test_requested_at timestamptz,
  last_tested_at timestamptz,
  constraint provider_keys_one_per_provider unique (workspace_id, provider)
);

comment on table public.provider_keys is E'A customer''s key of a language-model provider. The key itself is in Vault, and only the worker reads it.\nStored and replaced by set_provider_key, tried by test_provider_key, removed by delete_provider_key.';
comment on column public.provider_keys.id is 'Time-ordered uuid.';
comment on column public.provider_keys.workspace_id is 'The workspace.';
comment on column public.provider_keys.provider is 'openai, anthropic, gemini, and so on.';
comment on column public.provider_keys.name is 'What people call it.';
comment on column public.provider_keys.hint is 'Its last four characters, to recognise it by; dots for a short key.';
comment on column public.provider_keys.created_by is 'The user who stored it first. No foreign key: history outlives accounts.';
comment on column public.provider_keys.created_at is 'When it was stored first.';
comment on column public.provider_keys.rotated_at is 'When the key was last replaced.';
comment on column public.provider_keys.test_requested_at is 'When a test of the present key was asked for; null when never.';
comment on column public.provider_keys.last_tested_at is 'When a worker last tried the present key; null when never.';
comment on column public.provider_keys.test_status is 'ok: the provider took the key. error: see test_error_code. Null before the first test.';
comment on column public.provider_keys.test_error_code is 'Why the test failed, as in run_results: authentication_failed, quota_exhausted, connection_lost, …';

-- ==== sql/10_tables/runs.sql

create table public.test_cases (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint test_cases_workspace_id_fkey references public.workspaces (id) on delete restrict,
  prompt_id uuid not null,
  name text not null constraint test_cases_name_length check (length(name) between 1 and 200),
  variables jsonb not null default '{}'
    constraint test_cases_variables_object check (jsonb_typeof(variables) = 'object'),
  expected jsonb,
  created_at timestamptz not null default private.now(),
  archived_at timestamptz,
  constraint test_cases_name_unique unique (prompt_id, name),
  constraint test_cases_in_workspace unique (workspace_id, id),
  constraint test_cases_prompt_id_fkey foreign key (workspace_id, prompt_id)
    references public.prompts (workspace_id, id) on delete restrict
);

create index test_cases_prompt_id on public.test_cases (workspace_id, prompt_id);

comment on table public.test_cases is 'A saved input of a prompt, with what is expected of the answer.';
comment on column public.test_cases.id is 'Time-ordered uuid.';
comment on column public.test_cases.workspace_id is 'The workspace.';
comment on column public.test_cases.prompt_id is 'The prompt.';
comment on column public.test_cases.name is 'Unique in the prompt.';
comment on column public.test_cases.variables is 'Object: variable name to value.';
comment on column public.test_cases.expected is 'What a right answer holds; null when a person judges.';
comment on column public.test_cases.created_at is 'When it was saved.';
comment on column public.test_cases.archived_at is 'Since when nothing new may use it; null while it is offered. Set by archive_object.';

create table public.runs (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null constraint runs_workspace_id_fkey references public.workspaces (id) on delete restrict,
  name text not null,
  state text not null default 'queued' constraint runs_state_known check (state in ('queued', 'running', 'done')),
  total integer not null constraint runs_total_positive check (total > 0),
  done integer not null default 0,
  failed integer not null default 0,
  created_by uuid,
  created_at timestamptz not null default private.now(),
  finished_at timestamptz,
  constraint runs_counts check (0 <= failed and failed <= done and done <= total),
  constraint runs_in_workspace unique (workspace_id, id)
);

comment on table public.runs is 'One batch of model calls: some versions over saved test cases. Made by create_run.';
comment on column public.runs.id is 'Time-ordered uuid.';
comment on column public.runs.workspace_id is 'The workspace.';
comment on column public.runs.name is 'What people call it.';
comment on column public.runs.state is 'queued, running or done.';
comment on column public.runs.total is 'Calls to make.';
comment on column public.runs.done is 'Calls with a result, failed ones included.';
comment on column public.runs.failed is 'Calls whose result is an error.';
comment on column public.runs.created_by is 'The user who started it; null for a server''s key.';
comment on column public.runs.created_at is 'When it was started.';
comment on column public.runs.finished_at is 'When the last result came.';

create table public.run_results (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint run_results_workspace_id_fkey references public.workspaces (id) on delete restrict,
  run_id uuid not null,
  version_id uuid not null,
  test_case_id uuid not null,
  repeat integer not null default 1 constraint run_results_repeat_positive check (repeat > 0),
  status text not null constraint run_results_status_known check (status in ('ok', 'error')),
  output text,
  finish_reason text,
  latency_ms double precision,
  input_tokens integer,
  output_tokens integer,
  cost_usd double precision,
  error_code text,
  error_message text,
  attempts integer not null default 1,
  created_at timestamptz not null default private.now(),
  constraint run_results_once unique (run_id, version_id, test_case_id, repeat),
  constraint run_results_run_id_fkey foreign key (workspace_id, run_id)
    references public.runs (workspace_id, id) on delete restrict,
  constraint run_results_version_id_fkey foreign key (workspace_id, version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict,
  constraint run_results_test_case_id_fkey foreign key (workspace_id, test_case_id)
    references public.test_cases (workspace_id, id) on delete restrict
);

create index run_results_run_id on public.run_results (workspace_id, run_id);
create index run_results_version_id on public.run_results (workspace_id, version_id);
create index run_results_test_case_id on public.run_results (workspace_id, test_case_id);

comment on table public.run_results is 'The result of one call of a run. Append-only; recorded once, however often a worker tries.';
comment on column public.run_results.id is 'Time-ordered uuid.';
comment on column public.run_results.workspace_id is 'The workspace.';
comment on column public.run_results.run_id is 'The run.';
comment on column public.run_results.version_id is 'The prompt version that was called.';
comment on column public.run_results.test_case_id is 'The input.';
comment on column public.run_results.repeat is 'Which repetition, from 1.';
comment on column public.run_results.status is 'ok or error.';
comment on column public.run_results.output is 'What the model said.';
comment on column public.run_results.finish_reason is 'Why the model stopped.';
comment on column public.run_results.latency_ms is 'How long it took, in milliseconds.';
comment on column public.run_results.input_tokens is 'Tokens in.';
comment on column public.run_results.output_tokens is 'Tokens out.';
comment on column public.run_results.cost_usd is 'What it cost, in US dollars.';
comment on column public.run_results.error_code is 'Code of the error.';
comment on column public.run_results.error_message is 'The error for people.';
comment on column public.run_results.attempts is 'How often the provider was called for it.';
comment on column public.run_results.created_at is 'When it was recorded.';

-- ==== sql/10_tables/jobs.sql

select pgmq.create('jobs');

create table public.job_failures (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid
    constraint job_failures_workspace_id_fkey references public.workspaces (id) on delete restrict,
  job_id bigint not null,
  kind text,
  payload jsonb not null,
  attempt integer not null,
  error_code text not null,
  error_message text not null,
  is_dead boolean not null,
  failed_at timestamptz not null default private.now()
);

create index job_failures_workspace_id on public.job_failures (workspace_id, failed_at);

comment on table public.job_failures is E'One row per failed attempt of a queued job. Append-only.\nA dead job is not tried again: it is in the queue''s archive.';
comment on column public.job_failures.id is 'Time-ordered uuid.';
comment on column public.job_failures.workspace_id is 'The workspace; null when the job named none that exists: then only a server''s key sees the row.';
comment on column public.job_failures.job_id is 'The queue''s number of the job.';
comment on column public.job_failures.kind is 'What the job does, for instance run_chunk; null when the job did not say.';
comment on column public.job_failures.payload is 'What it works on: ids, never keys. The whole message when it held no payload.';
comment on column public.job_failures.attempt is 'Which attempt failed, from 1.';
comment on column public.job_failures.error_code is 'Code of the error.';
comment on column public.job_failures.error_message is 'The error for people.';
comment on column public.job_failures.is_dead is 'True when it is given up.';
comment on column public.job_failures.failed_at is 'When it failed.';

-- ==== sql/10_tables/audit_events.sql

create table public.audit_events (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint audit_events_workspace_id_fkey references public.workspaces (id) on delete restrict,
  occurred_at timestamptz not null default private.now(),
  actor_kind text not null
    constraint audit_events_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  actor_label text,
  request_id text not null,
  position integer not null constraint audit_events_position_positive check (position > 0),
  verb text,
  operation text not null
    constraint audit_events_operation_known check (operation in ('insert', 'update', 'delete')),
  table_name text not null,
  row_id uuid,
  row_key jsonb,
  row_count integer not null default 1 constraint audit_events_row_count_positive check (row_count > 0),
  changed text[] not null default '{}',
  before jsonb,
  after jsonb
);

-- One index for each way of reading the log: all of it, a person's acts, a table's, a row's, a request's.
create index audit_events_occurred_at on public.audit_events (workspace_id, occurred_at, position);
create index audit_events_actor on public.audit_events (workspace_id, actor_id, occurred_at);
create index audit_events_table on public.audit_events (workspace_id, table_name, occurred_at);
create index audit_events_row on public.audit_events (workspace_id, row_id, occurred_at) where row_id is not null;
create index audit_events_request on public.audit_events (workspace_id, request_id, position);

comment on table public.audit_events is E'Every write that a person, an API key or a worker made: who, when, by which request, and the row before and after.\nAppend-only, written by triggers in the transaction of the write itself. Secrets are "[redacted]". Read by those who hold audit.read.';
comment on column public.audit_events.id is 'Time-ordered uuid.';
comment on column public.audit_events.workspace_id is 'The workspace.';
comment on column public.audit_events.occurred_at is 'When the transaction began.';
comment on column public.audit_events.actor_kind is 'user, api_key, service (a server''s secret key, or a worker) or system (a migration, a cascade).';
comment on column public.audit_events.actor_id is 'The user or the API key. No foreign key: the log outlives accounts.';
comment on column public.audit_events.actor_label is 'What the actor was called then: a person''s mail address, a key''s name.';
comment on column public.audit_events.request_id is 'The same for all events of a transaction: the caller''s x-request-id, or one made for it.';
comment on column public.audit_events.position is 'The order of the events of a transaction: rising from 1, perhaps with gaps.';
comment on column public.audit_events.verb is 'The function that was called; null for a write to a table itself.';
comment on column public.audit_events.operation is 'insert, update or delete.';
comment on column public.audit_events.table_name is 'The table that was written to.';
comment on column public.audit_events.row_id is 'The row''s id; in tables without one, the first id of its key: members by user, scopes by experiment.';
comment on column public.audit_events.row_key is 'The row''s primary key, column to value; null for a batch.';
comment on column public.audit_events.row_count is 'Rows that the event speaks of: 1, or the size of a batch of evidence.';
comment on column public.audit_events.changed is 'Update: the columns whose values changed.';
comment on column public.audit_events.before is 'The row before; null for an insert.';
comment on column public.audit_events.after is 'The row after; null for a delete. For a batch of evidence {rows, first_id, last_id}: the rows are their own record.';

-- ==== sql/10_tables/approvals.sql

create table public.approval_rules (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint approval_rules_workspace_id_fkey references public.workspaces (id) on delete restrict,
  act text not null
    constraint approval_rules_act_known check (act in ('experiments.activate', 'deployments.publish')),
  environment_id uuid,
  permission text not null
    constraint approval_rules_permission_fkey references public.permissions (key) on delete restrict,
  approvals integer not null default 1 constraint approval_rules_approvals_range check (approvals between 0 and 10),
  allow_self boolean not null default false,
  created_by uuid default auth.uid(),
  created_at timestamptz not null default private.now(),
  constraint approval_rules_one_per_scope unique nulls not distinct (workspace_id, act, environment_id),
  constraint approval_rules_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict
);

create index approval_rules_permission on public.approval_rules (permission);
create index approval_rules_environment_id on public.approval_rules (workspace_id, environment_id);

comment on table public.approval_rules is E'Which acts need a review before they happen, by holders of which permission, how many.\nThe rule of an environment goes before the rule for all of them. Without a rule nothing needs a review; a rollback never does. Changed by those who hold approvals.write.';
comment on column public.approval_rules.id is 'Time-ordered uuid.';
comment on column public.approval_rules.workspace_id is 'The workspace.';
comment on column public.approval_rules.act is 'experiments.activate (start, resume, or widen while it runs) or deployments.publish.';
comment on column public.approval_rules.environment_id is 'Where; null for every environment that has no rule of its own.';
comment on column public.approval_rules.permission is 'What a reviewer must hold, when they review and still when the act happens.';
comment on column public.approval_rules.approvals is 'How many reviewers must approve; 0 asks for none, for instance in staging.';
comment on column public.approval_rules.allow_self is 'True lets people approve what they asked for or made themselves.';
comment on column public.approval_rules.created_by is 'The user who made the rule. No foreign key: history outlives accounts.';
comment on column public.approval_rules.created_at is 'When it was made.';

create table public.approval_requests (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint approval_requests_workspace_id_fkey references public.workspaces (id) on delete restrict,
  act text not null
    constraint approval_requests_act_known check (act in ('experiments.activate', 'deployments.publish')),
  environment_id uuid not null,
  experiment_id uuid,
  capability_id uuid,
  action_id uuid,
  intent_id uuid,
  prompt_version_id uuid,
  content_hash text not null constraint approval_requests_content_hash_shape check (content_hash ~ '^[0-9a-f]{64}$'),
  revision integer,
  state text not null default 'open' constraint approval_requests_state_known
    check (state in ('open', 'approved', 'rejected', 'withdrawn', 'void')),
  message text not null default '' constraint approval_requests_message_length check (length(message) <= 10000),
  requested_kind text not null constraint approval_requests_requested_kind_known
    check (requested_kind in ('user', 'api_key', 'service', 'system')),
  requested_by uuid,
  authors uuid[] not null default '{}',
  created_at timestamptz not null default private.now(),
  decided_at timestamptz,
  used_at timestamptz,
  constraint approval_requests_in_workspace unique (workspace_id, id),
  constraint approval_requests_object check (case act
    when 'experiments.activate' then experiment_id is not null and revision is not null and prompt_version_id is null
    else experiment_id is null and capability_id is not null and prompt_version_id is not null end),
  constraint approval_requests_environment_id_fkey foreign key (workspace_id, environment_id)
    references public.environments (workspace_id, id) on delete restrict,
  constraint approval_requests_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete restrict,
  constraint approval_requests_capability_id_fkey foreign key (workspace_id, capability_id)
    references public.capabilities (workspace_id, id) on delete restrict,
  constraint approval_requests_action_id_fkey foreign key (workspace_id, action_id)
    references public.actions (workspace_id, id) on delete restrict,
  constraint approval_requests_intent_id_fkey foreign key (workspace_id, intent_id)
    references public.intents (workspace_id, id) on delete restrict,
  constraint approval_requests_prompt_version_id_fkey foreign key (workspace_id, prompt_version_id)
    references public.prompt_versions (workspace_id, id) on delete restrict
);

-- One request that still stands for the same content: asking twice is asking once.
create unique index approval_requests_one_standing on public.approval_requests (workspace_id, act, content_hash)
  where state in ('open', 'approved') and used_at is null;
create index approval_requests_state on public.approval_requests (workspace_id, state, created_at);
create index approval_requests_environment_id on public.approval_requests (workspace_id, environment_id);
create index approval_requests_experiment_id on public.approval_requests (workspace_id, experiment_id);
create index approval_requests_capability_id on public.approval_requests (workspace_id, capability_id);
create index approval_requests_action_id on public.approval_requests (workspace_id, action_id);
create index approval_requests_intent_id on public.approval_requests (workspace_id, intent_id);
create index approval_requests_prompt_version_id on public.approval_requests (workspace_id, prompt_version_id);

comment on table public.approval_requests is E'Somebody asks that something may happen: this experiment may start, this version may go live here.\nBound to the hash of exactly what was asked for. Made by submit_for_approval and request_publication.';
comment on column public.approval_requests.id is 'Time-ordered uuid.';
comment on column public.approval_requests.workspace_id is 'The workspace.';
comment on column public.approval_requests.act is 'experiments.activate or deployments.publish.';
comment on column public.approval_requests.environment_id is 'Where it would happen.';
comment on column public.approval_requests.experiment_id is 'The experiment that would start.';
comment on column public.approval_requests.capability_id is 'Publication: the capability.';
comment on column public.approval_requests.action_id is 'Publication: the action; null for the whole capability.';
comment on column public.approval_requests.intent_id is 'Publication: the intent; null for every intent.';
comment on column public.approval_requests.prompt_version_id is 'Publication: the version that would go live.';
comment on column public.approval_requests.content_hash is 'SHA-256, in hex, of what would happen. Name it when you approve: you approve this and nothing else.';
comment on column public.approval_requests.revision is 'The experiment''s revision when it was submitted.';
comment on column public.approval_requests.state is 'open, approved, rejected, withdrawn, or void: what was asked for has been edited since.';
comment on column public.approval_requests.message is 'What the requester said to the reviewers.';
comment on column public.approval_requests.requested_kind is 'user, api_key, service or system.';
comment on column public.approval_requests.requested_by is 'The user or the API key that asked.';
comment on column public.approval_requests.authors is 'Who may not review it: the requester, the maker of the key that asked, and who drafted the experiment or committed the version.';
comment on column public.approval_requests.created_at is 'When it was asked for.';
comment on column public.approval_requests.decided_at is 'When it left the state open.';
comment on column public.approval_requests.used_at is 'Publication: when it happened. An approval publishes once.';

create table public.approval_reviews (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint approval_reviews_workspace_id_fkey references public.workspaces (id) on delete restrict,
  request_id uuid not null,
  reviewer_id uuid not null,
  decision text not null constraint approval_reviews_decision_known check (decision in ('approve', 'reject')),
  comment text not null default '' constraint approval_reviews_comment_length check (length(comment) <= 10000),
  created_at timestamptz not null default private.now(),
  constraint approval_reviews_request_id_fkey foreign key (workspace_id, request_id)
    references public.approval_requests (workspace_id, id) on delete restrict
);

create index approval_reviews_request_id on public.approval_reviews (workspace_id, request_id, reviewer_id);

comment on table public.approval_reviews is E'What a reviewer decided. Append-only: who changes their mind adds a row, and the last one counts.\nAn approval counts as long as its reviewer is a member who holds the permission that the rule asks for.';
comment on column public.approval_reviews.id is 'Time-ordered uuid.';
comment on column public.approval_reviews.workspace_id is 'The workspace.';
comment on column public.approval_reviews.request_id is 'The request.';
comment on column public.approval_reviews.reviewer_id is 'The user who reviewed. No foreign key: history outlives accounts.';
comment on column public.approval_reviews.decision is 'approve or reject.';
comment on column public.approval_reviews.comment is 'Why.';
comment on column public.approval_reviews.created_at is 'When.';

-- ==== sql/10_tables/comments.sql

create table public.comments (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint comments_workspace_id_fkey references public.workspaces (id) on delete restrict,
  object_kind text not null,
  object_id uuid not null,
  thread_id uuid,
  body text not null constraint comments_body_length check (length(body) <= 10000),
  mentions uuid[] not null default '{}',
  author_kind text not null
    constraint comments_author_kind_known check (author_kind in ('user', 'api_key', 'service', 'system')),
  author_id uuid,
  created_at timestamptz not null default private.now(),
  edited_at timestamptz,
  deleted_at timestamptz,
  resolved_at timestamptz,
  resolved_by uuid,
  constraint comments_in_workspace unique (workspace_id, id),
  constraint comments_body_there check (deleted_at is not null or length(body) > 0),
  constraint comments_threads_resolve check (thread_id is null or resolved_at is null),
  constraint comments_thread_id_fkey foreign key (workspace_id, thread_id)
    references public.comments (workspace_id, id) on delete restrict
);

create index comments_object on public.comments (workspace_id, object_kind, object_id, id);
create index comments_thread_id on public.comments (workspace_id, thread_id, id);

comment on table public.comments is E'What people say about a thing of the workspace: a thread begins with a comment, replies name it in thread_id.\nWritten by add_comment, edit_comment, delete_comment and resolve_thread. The audit log keeps what was said before.';
comment on column public.comments.id is 'Time-ordered uuid.';
comment on column public.comments.workspace_id is 'The workspace.';
comment on column public.comments.object_kind is 'What it is about: experiment, variant, prompt, prompt_version, deployment, change, approval_request, run, capability, and so on.';
comment on column public.comments.object_id is 'The id of that row.';
comment on column public.comments.thread_id is 'The comment that began the thread; null for that one itself.';
comment on column public.comments.body is 'What was said; empty once deleted.';
comment on column public.comments.mentions is 'The members whom it calls.';
comment on column public.comments.author_kind is 'user, api_key, service or system.';
comment on column public.comments.author_id is 'The user or the API key. No foreign key: history outlives accounts.';
comment on column public.comments.created_at is 'When it was said.';
comment on column public.comments.edited_at is 'When its author last changed it.';
comment on column public.comments.deleted_at is 'When it was taken back; it keeps its place in the thread.';
comment on column public.comments.resolved_at is 'When the thread was settled; null while it is open.';
comment on column public.comments.resolved_by is 'The user who settled it.';

-- ==== sql/10_tables/notifications.sql

create table public.notifications (
  id uuid primary key default private.uuidv7(),
  workspace_id uuid not null
    constraint notifications_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null constraint notifications_user_id_fkey references auth.users (id) on delete cascade,
  kind text not null constraint notifications_kind_known check (kind in (
    'mention', 'reply', 'approval_requested', 'approval_decided', 'experiment_moved', 'variant_rolled_back',
    'deployment_rolled_back', 'guardrail', 'ramp', 'alert', 'members', 'keys')),
  object_kind text not null,
  object_id uuid,
  summary text not null,
  detail jsonb not null default '{}',
  actor_kind text not null
    constraint notifications_actor_kind_known check (actor_kind in ('user', 'api_key', 'service', 'system')),
  actor_id uuid,
  created_at timestamptz not null default private.now(),
  read_at timestamptz
);

create index notifications_workspace_id on public.notifications (workspace_id, user_id, created_at);
create index notifications_user_id on public.notifications (user_id, created_at);
create index notifications_unread on public.notifications (user_id, workspace_id) where read_at is null;

comment on table public.notifications is E'What a person should know that somebody else did. One row per person; nobody is told of their own acts.\nWritten by triggers, as notification_preferences and notification_mutes allow; only its person sees it, and only while they are a member.';
comment on column public.notifications.id is 'Time-ordered uuid.';
comment on column public.notifications.workspace_id is 'The workspace.';
comment on column public.notifications.user_id is 'Whom it is for.';
comment on column public.notifications.kind is 'What it is about: mention, reply, approval_requested, approval_decided, experiment_moved, variant_rolled_back, deployment_rolled_back, guardrail, ramp, alert, members, keys.';
comment on column public.notifications.object_kind is 'What to open: experiment, approval_request, comment, and so on.';
comment on column public.notifications.object_id is 'The id of that row.';
comment on column public.notifications.summary is 'One sentence for the person.';
comment on column public.notifications.detail is 'The same for machines.';
comment on column public.notifications.actor_kind is 'Who did it: user, api_key, service or system.';
comment on column public.notifications.actor_id is 'The user or the API key who did it.';
comment on column public.notifications.created_at is 'When.';
comment on column public.notifications.read_at is 'When the person read it; null until then.';

create table public.notification_preferences (
  workspace_id uuid not null
    constraint notification_preferences_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null default auth.uid()
    constraint notification_preferences_user_id_fkey references auth.users (id) on delete cascade,
  kind text not null constraint notification_preferences_kind_known check (kind in (
    'mention', 'reply', 'approval_requested', 'approval_decided', 'experiment_moved', 'variant_rolled_back',
    'deployment_rolled_back', 'guardrail', 'ramp', 'alert', 'members', 'keys')),
  delivery text not null default 'in_app'
    constraint notification_preferences_delivery_known check (delivery in ('off', 'in_app')),
  primary key (workspace_id, user_id, kind)
);

create index notification_preferences_user_id on public.notification_preferences (user_id);

comment on table public.notification_preferences is 'How a person wants to be told of a kind of thing; without a row, in the app. Each person writes their own.';
comment on column public.notification_preferences.workspace_id is 'The workspace.';
comment on column public.notification_preferences.user_id is 'Whose wish it is: you.';
comment on column public.notification_preferences.kind is 'As in notifications.';
comment on column public.notification_preferences.delivery is 'off or in_app.';

create table public.notification_mutes (
  workspace_id uuid not null
    constraint notification_mutes_workspace_id_fkey references public.workspaces (id) on delete cascade,
  user_id uuid not null
    constraint notification_mutes_user_id_fkey references auth.users (id) on delete cascade,
  object_kind text not null,
  object_id uuid not null,
  created_at timestamptz not null default private.now(),
  primary key (workspace_id, user_id, object_kind, object_id)
);

create index notification_mutes_user_id on public.notification_mutes (user_id);

comment on table public.notification_mutes is 'Things that a person does not want to hear of; a mention reaches them all the same. Written by mute_object.';
comment on column public.notification_mutes.workspace_id is 'The workspace.';
comment on column public.notification_mutes.user_id is 'Who has muted it: you.';
comment on column public.notification_mutes.object_kind is 'As in notifications and comments.';
comment on column public.notification_mutes.object_id is 'The id of the muted row.';
comment on column public.notification_mutes.created_at is 'Since when.';

-- ==== sql/20_functions/stats.sql

-- Distribution functions. Tails are computed as tails (never 1 - cdf), and exp is guarded: Postgres raises
-- 22003 where C would return 0.
create or replace function stats.exp_or_zero(x double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when x < -690 then 0 else exp(x) end;

comment on function stats.exp_or_zero(double precision) is 'exp(x), and 0 below 1e-300: so near the end of a double that the next product would raise.';

create or replace function stats.ln_1p(x double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when abs(x) < 1e-17 then x when x < 1 then 2 * atanh(x / (2 + x)) else ln(1 + x) end;

comment on function stats.ln_1p(double precision) is 'ln(1 + x) without loss for small x.';

create or replace function stats.polynomial(coefficients double precision[], x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  total double precision := 0;
begin
  for i in reverse cardinality(coefficients)..1 loop
    total := total * x + coefficients[i];
  end loop;
  return total;
end
$$;

comment on function stats.polynomial(double precision[], double precision) is 'c1 + c2 x + c3 x^2 + …, by Horner.';

create or replace function stats.ln_gamma(x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  coefficients constant double precision[] := array[
    57.156235665862923517, -59.597960355475491248, 14.136097974741747174, -0.49191381609762019978,
    .33994649984811888699e-4, .46523628927048575665e-4, -.98374475304879564677e-4, .15808870322491248884e-3,
    -.21026444172410488319e-3, .21743961811521264320e-3, -.16431810653676389022e-3, .84418223983852743293e-4,
    -.26190838401581408670e-4, .36899182659531622704e-5];
  series double precision := 0.99999999999999709182;
  shifted constant double precision := x + 671.0 / 128;
begin
  for i in 1..14 loop
    series := series + coefficients[i] / (x + i);
  end loop;
  return (x + 0.5) * ln(shifted) - shifted + ln(2.5066282746310005 * series / x);
end
$$;

comment on function stats.ln_gamma(double precision) is E'ln of the gamma function, x > 0.\nLanczos (1964) with Godfrey''s coefficients for g = 607/128.';

create or replace function stats.ln_beta_half(a double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return 0.57236494292470008707 - case
  -- The difference of two large gammas loses digits; its series does not.
  when a > 50 then 0.5 * ln(a) - 1 / (8 * a) + 1 / (192 * a ^ 3) - 1 / (640 * a ^ 5)
  else stats.ln_gamma(a + 0.5) - stats.ln_gamma(a)
end;

comment on function stats.ln_beta_half(double precision) is 'ln B(a, 1/2), to full precision also for large a.';

create or replace function stats.beta_fraction(a double precision, b double precision, x double precision)
returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  tiny constant double precision := 1e-30;
  c double precision := 1;
  d double precision := 1 - (a + b) * x / (a + 1);
  total double precision;
  term double precision;
begin
  d := 1 / case when abs(d) < tiny then tiny else d end;
  total := d;
  for m in 1..10000 loop
    for parity in 0..1 loop
      term := case parity
        when 0 then m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      end;
      d := 1 + term * d;
      d := 1 / case when abs(d) < tiny then tiny else d end;
      c := 1 + term / c;
      c := case when abs(c) < tiny then tiny else c end;
      total := total * c * d;
    end loop;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return total;
end
$$;

comment on function stats.beta_fraction(double precision, double precision, double precision) is
E'The continued fraction of the incomplete beta function, for x < (a + 1) / (a + b + 2).\nLentz (1976), as modified by Thompson and Barnett.';

create or replace function stats.t_two_sided_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := df / 2;
  ln_y double precision;
  ln_x double precision;
  ln_front double precision;
begin
  if df <= 0 or t = 0 then
    return case when df > 0 then 1 end;
  end if;
  -- p = I_x(df/2, 1/2) with x = df / (df + t^2), all of it in logarithms: t^2 may overflow.
  ln_y := 2 * ln(abs(t)) - ln(df);
  ln_x := case when ln_y > 700 then -ln_y else -stats.ln_1p(stats.exp_or_zero(ln_y)) end;
  ln_front := a * ln_x + 0.5 * (ln_y + ln_x) - stats.ln_beta_half(a);
  if stats.exp_or_zero(ln_x) < (a + 1) / (a + 2.5) then
    return stats.exp_or_zero(ln_front) * stats.beta_fraction(a, 0.5, stats.exp_or_zero(ln_x)) / a;
  end if;
  return 1 - stats.exp_or_zero(ln_front) * stats.beta_fraction(0.5, a, stats.exp_or_zero(ln_y + ln_x)) * 2;
end
$$;

comment on function stats.t_two_sided_p(double precision, double precision) is
'P(|T| >= |t|) for Student''s t with df degrees of freedom; null when df is not positive.';

create or replace function stats.t_two_sided_log10_p(t double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  a constant double precision := df / 2;
  ln_y double precision;
  ln_x double precision;
begin
  if df <= 0 then
    return null;
  elsif stats.t_two_sided_p(t, df) > 1e-290 then
    return log(stats.t_two_sided_p(t, df));
  end if;
  ln_y := 2 * ln(abs(t)) - ln(df);
  ln_x := case when ln_y > 700 then -ln_y else -stats.ln_1p(stats.exp_or_zero(ln_y)) end;
  return (a * ln_x + 0.5 * (ln_y + ln_x) - stats.ln_beta_half(a)
    + ln(stats.beta_fraction(a, 0.5, stats.exp_or_zero(ln_x)) / a)) / ln(10::double precision);
end
$$;

comment on function stats.t_two_sided_log10_p(double precision, double precision) is
'log10 of P(|T| >= |t|), which goes on where a double ends.';

create or replace function stats.normal_quantile(p double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  q constant double precision := p - 0.5;
  r double precision;
begin
  if not (p > 0 and p < 1) then
    return null;
  elsif abs(q) <= 0.425 then
    r := 0.180625 - q * q;
    return q * stats.polynomial(array[
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727], r)
      / stats.polynomial(array[
        1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
        21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610], r);
  end if;
  r := sqrt(-ln(case when q < 0 then p else 1 - p end));
  return sign(q) * case when r <= 5 then
    stats.polynomial(array[
      1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
      1.27045825245236838258, .241780725177450611770, .0227238449892691845833, 7.74545014278341407640e-4], r - 1.6)
    / stats.polynomial(array[
      1, 2.05319162663775882187, 1.67638483018380384940, .689767334985100004550,
      .148103976427480074590, .0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9], r - 1.6)
  else
    stats.polynomial(array[
      6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, .296560571828504891230,
      .0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7], r - 5)
    / stats.polynomial(array[
      1, .599832206555887937690, .136929880922735805310, .0148753612908506148525,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15], r - 5)
  end;
end
$$;

comment on function stats.normal_quantile(double precision) is E'The normal quantile of p, 0 < p < 1.\nWichura (1988), algorithm AS 241.';

create or replace function stats.t_critical(alpha double precision, df double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  u double precision;
  p double precision;
  ln_density double precision;
  step double precision;
begin
  if not (alpha > 0 and alpha < 1 and df > 0) then
    return null;
  end if;
  -- ln p is concave in u = ln t, so Newton overshoots once and then comes down to the root without a bracket.
  u := ln(stats.normal_quantile(1 - alpha / 2));
  for round in 1..60 loop
    p := stats.t_two_sided_p(exp(u), df);
    ln_density := -0.5 * ln(df) - stats.ln_beta_half(df / 2) - (df + 1) / 2 * stats.ln_1p(exp(2 * u) / df);
    step := (ln(p) - ln(alpha)) * p / (2 * exp(ln_density + u));
    u := u + step;
    exit when abs(step) < 1e-14;
  end loop;
  return exp(u);
end
$$;

comment on function stats.t_critical(double precision, double precision) is
'The t with P(|T| >= t) = alpha, for df degrees of freedom; half the width of an interval in standard errors.';

create or replace function stats.gamma_upper(a double precision, x double precision) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  front constant double precision := stats.exp_or_zero(a * ln(x) - x - stats.ln_gamma(a));
  term double precision := 1 / a;
  total double precision := 1 / a;
  b double precision := x + 1 - a;
  c double precision := 1e30;
  d double precision;
begin
  if x < a + 1 then
    for n in 1..10000 loop
      term := term * x / (a + n);
      total := total + term;
      exit when term < total * 1e-16;
    end loop;
    return 1 - front * total;
  end if;
  d := 1 / b;
  total := d;
  for n in 1..10000 loop
    term := -n * (n - a);
    b := b + 2;
    d := 1 / (term * d + b);
    c := b + term / c;
    total := total * c * d;
    exit when abs(c * d - 1) < 1e-15;
  end loop;
  return front * total;
end
$$;

comment on function stats.gamma_upper(double precision, double precision) is
'The regularised upper incomplete gamma function Q(a, x), a > 0, x > 0: series below a + 1, Lentz'' fraction above.';

create or replace function stats.chi2_sf(x double precision, df double precision) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when df <= 0 or x < 0 then null when x = 0 then 1 else stats.gamma_upper(df / 2, x / 2) end;

comment on function stats.chi2_sf(double precision, double precision) is
'P(X >= x) for chi-square with df degrees of freedom; null when df is not positive.';

-- ==== sql/20_functions/stats_readouts.sql

-- What an arm says, in two steps. Moments: means and centred sums of products, from exact sums. A readout: one
-- estimate, the variance of that estimate, and its spread. Every contrast takes two readouts and nothing else.
create type stats.readout as (
  n double precision, value double precision, variance double precision, spread double precision
);

comment on type stats.readout is E'What an arm says of a metric: how many units, the estimate, its squared standard error, and its spread.\nspread is the sum of V²/(n - 1) over the variance''s parts V: what Welch and Satterthwaite divide by.';

create type stats.moments as (
  n double precision,
  mean_y double precision, mean_d double precision, mean_x double precision, mean_w double precision,
  yy double precision, yd double precision, yx double precision, yw double precision, dd double precision,
  dx double precision, dw double precision, xx double precision, xw double precision, ww double precision
);

comment on type stats.moments is E'n units, the means of their four variables, and the sums of products about those means.\ny the value or numerator, d the denominator, x the same as y before the first exposure, w the same as d.';

create or replace function stats.double_of(x numeric) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  if x = 0 or abs(x) < 1e-290 then
    return 0;
  elsif abs(x) < 1e290 then
    return x::double precision;
  end if;
  return null;
end
$$;

comment on function stats.double_of(numeric) is
'The nearest double; 0 below 1e-290 and null from 1e290 on and for NaN, where a cast would raise.';

create or replace function stats.moments_of_sums(
  n numeric, y numeric, d numeric, x numeric, w numeric, yy numeric, yd numeric, yx numeric, yw numeric,
  dd numeric, dx numeric, dw numeric, xx numeric, xw numeric, ww numeric
) returns stats.moments
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  units constant double precision := stats.double_of(n);
begin
  if n is null or n <= 0 or units is null then
    return row(0, null, null, null, null, null, null, null, null, null, null, null, null, null, null)::stats.moments;
  end if;
  return row(units,
    stats.double_of(y) / units, stats.double_of(d) / units, stats.double_of(x) / units, stats.double_of(w) / units,
    stats.double_of(n * yy - y * y) / units, stats.double_of(n * yd - y * d) / units,
    stats.double_of(n * yx - y * x) / units, stats.double_of(n * yw - y * w) / units,
    stats.double_of(n * dd - d * d) / units, stats.double_of(n * dx - d * x) / units,
    stats.double_of(n * dw - d * w) / units, stats.double_of(n * xx - x * x) / units,
    stats.double_of(n * xw - x * w) / units, stats.double_of(n * ww - w * w) / units)::stats.moments;
end
$$;

comment on function stats.moments_of_sums(
  numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric, numeric,
  numeric, numeric
) is E'Moments of n units from their exact sums: Σy, Σd, Σx, Σw, Σy², Σyd … Σw².\nThe difference n·Σab - Σa·Σb is taken in numeric, without a rounding, so that values of any size keep every digit of their variance. Sums that are null give moments that are null.';

create or replace function stats.merged(parts stats.moments[]) returns stats.moments
language sql immutable strict parallel safe
set search_path = ''
as $$
  with part as (select p.* from unnest(parts) p where p.n > 0),
  whole as (
    select sum(n) as n, sum(n * mean_y) / sum(n) as y, sum(n * mean_d) / sum(n) as d, sum(n * mean_x) / sum(n) as x,
      sum(n * mean_w) / sum(n) as w
    from part
  )
  select row(max(t.n), max(t.y), max(t.d), max(t.x), max(t.w),
    sum(yy + p.n * (mean_y - t.y) ^ 2), sum(yd + p.n * (mean_y - t.y) * (mean_d - t.d)),
    sum(yx + p.n * (mean_y - t.y) * (mean_x - t.x)), sum(yw + p.n * (mean_y - t.y) * (mean_w - t.w)),
    sum(dd + p.n * (mean_d - t.d) ^ 2), sum(dx + p.n * (mean_d - t.d) * (mean_x - t.x)),
    sum(dw + p.n * (mean_d - t.d) * (mean_w - t.w)), sum(xx + p.n * (mean_x - t.x) ^ 2),
    sum(xw + p.n * (mean_x - t.x) * (mean_w - t.w)), sum(ww + p.n * (mean_w - t.w) ^ 2))::stats.moments
  from part p cross join whole t
$$;

comment on function stats.merged(stats.moments[]) is E'The moments of all units together. Chan, Golub and LeVeque (1983).\nWhere the exact sums are at hand, add those instead.';

create or replace function stats.readout_of(n double precision, value double precision, variance double precision)
returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  if not (abs(value) < 1e70) then
    return row(n, null, null, null)::stats.readout;
  elsif n < 2 or not (variance = 0 or variance between 1e-140 and 1e140) then
    return row(n, value, null, null)::stats.readout;
  end if;
  return row(n, value, variance, variance * variance / (n - 1))::stats.readout;
end
$$;

comment on function stats.readout_of(double precision, double precision, double precision) is
E'A readout of n units from an estimate and the variance of that estimate (for a mean: var_samp / n).\nOf fewer than two units there is no variance; beyond 1e70 there is no value, so that nothing later overflows.';

create or replace function stats.mean_readout(m stats.moments) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return stats.readout_of(m.n, m.mean_y, m.yy / nullif(m.n - 1, 0) / m.n);
end
$$;

comment on function stats.mean_readout(stats.moments) is 'The mean of y: its value and s²/n.';

create or replace function stats.ratio_readout(m stats.moments) returns stats.readout
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  ratio constant double precision := m.mean_y / nullif(m.mean_d, 0);
  residual double precision;
begin
  if not (abs(ratio) < 1e70) or ratio is null or m.n < 2 then
    return row(m.n, case when abs(ratio) < 1e70 then ratio end, null, null)::stats.readout;
  end if;
  residual := m.yy - 2 * ratio * m.yd + ratio * ratio * m.dd;
  -- What is left of three numbers that cancel is rounding, not variance.
  residual := case when residual < 1e-14 * (m.yy + ratio * ratio * m.dd) then 0 else residual end;
  return stats.readout_of(m.n, ratio, residual / (m.n - 1) / m.n / m.mean_d / m.mean_d);
end
$$;

comment on function stats.ratio_readout(stats.moments) is
E'Σy / Σd, a ratio of means over units, by the delta method: s² = (var y - 2 R cov(y, d) + R² var d) / mean(d)².\nFieller (1954), Deng, Knoblich and Lu (2018). Null when the denominators are all zero.';

create or replace function stats.combined(parts stats.readout[], weights double precision[]) returns stats.readout
language sql immutable strict parallel safe
set search_path = ''
as $$
  select row(sum(p.n), sum(p.weight * p.value) / nullif(sum(p.weight), 0),
    sum(p.weight ^ 2 * p.variance) / nullif(sum(p.weight) ^ 2, 0),
    sum(p.weight ^ 4 * p.spread) / nullif(sum(p.weight) ^ 4, 0))::stats.readout
  from (select q.n, q.value, q.variance, q.spread, q.weight
    from unnest(parts, weights) q (n, value, variance, spread, weight)) p
$$;

comment on function stats.combined(stats.readout[], double precision[]) is
'Readouts of strata (phases, segments) put together with fixed weights, which are made to sum to one: post-stratification.';

-- ==== sql/20_functions/stats_contrasts.sql

-- Contrasts: two readouts in, one answer out. What cannot be computed is null, and reason_code says why.
create type stats.contrast as (
  n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  difference double precision, std_error double precision, degrees_of_freedom double precision,
  ci_low double precision, ci_high double precision, p_value double precision, log10_p double precision,
  reason_code text
);

comment on type stats.contrast is E'Variant minus control with its standard error, Welch and Satterthwaite''s degrees of freedom, interval and two-sided p.\nlog10_p goes on where p_value ends, at 1e-300.';

create type stats.relative as (
  lift double precision, std_error double precision, ci_low double precision, ci_high double precision,
  p_value double precision, reason_code text
);

comment on type stats.relative is 'A relative difference with its interval; 0.05 is five per cent.';

create or replace function stats.reason(control stats.readout, variant stats.readout) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when coalesce(control.n, 0) = 0 and coalesce(variant.n, 0) = 0 then 'no_subjects'
    when coalesce(control.n, 0) < 2 or coalesce(variant.n, 0) < 2 then 'too_few_subjects'
    when control.value is null or variant.value is null then 'no_value'
    when control.variance is null or variant.variance is null then 'out_of_range'
    when control.variance + variant.variance = 0 then 'zero_variance'
  end;
end
$$;

comment on function stats.reason(stats.readout, stats.readout) is
E'Why two readouts give no interval and no p: no_subjects, too_few_subjects (an arm has fewer than two), no_value (a ratio whose denominators are all zero), out_of_range (beyond 1e70), zero_variance. Null when they do.';

create or replace function stats.welch_df(control stats.readout, variant stats.readout) returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return (control.variance + variant.variance) ^ 2 / nullif(control.spread + variant.spread, 0);
end
$$;

comment on function stats.welch_df(stats.readout, stats.readout) is
'Degrees of freedom of a difference with unequal variances. Welch (1947), Satterthwaite (1946).';

create or replace function stats.contrast(
  control stats.readout, variant stats.readout, alpha double precision default 0.05
) returns stats.contrast
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.contrast;
  half double precision;
begin
  answer.n_control := control.n;
  answer.n_variant := variant.n;
  answer.mean_control := control.value;
  answer.mean_variant := variant.value;
  answer.difference := variant.value - control.value;
  answer.std_error := sqrt(control.variance + variant.variance);
  answer.reason_code := stats.reason(control, variant);
  if answer.reason_code is not null then
    return answer;
  end if;
  answer.degrees_of_freedom := stats.welch_df(control, variant);
  half := stats.t_critical(alpha, answer.degrees_of_freedom) * answer.std_error;
  answer.ci_low := answer.difference - half;
  answer.ci_high := answer.difference + half;
  answer.p_value := stats.t_two_sided_p(answer.difference / answer.std_error, answer.degrees_of_freedom);
  answer.log10_p := case when answer.p_value > 1e-290 then log(answer.p_value)
    else stats.t_two_sided_log10_p(answer.difference / answer.std_error, answer.degrees_of_freedom) end;
  return answer;
end
$$;

comment on function stats.contrast(stats.readout, stats.readout, double precision) is
E'Variant minus control with unequal variances: interval at 1 - alpha and two-sided p from Student''s t. Welch (1947).\nAn arm of one unit has a difference and no interval; equal values everywhere have a standard error of 0 and no p.';

create or replace function stats.baseline_sign(control stats.readout, alpha double precision default 0.05)
returns double precision
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  return case
    when abs(control.value) < 1e-70 then 0
    when control.variance = 0 then sign(control.value)
    when stats.t_two_sided_p(control.value / sqrt(control.variance), control.variance ^ 2 / control.spread) < alpha
      then sign(control.value)
    when control.variance > 0 then 0
  end;
end
$$;

comment on function stats.baseline_sign(stats.readout, double precision) is
'1 or -1 when a readout''s own interval lies clear of zero on that side, 0 when it covers zero: then nothing can be relative to it.';

create or replace function stats.lift_reason(
  control stats.readout, variant stats.readout, alpha double precision default 0.05
) returns text
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  reason constant text := stats.reason(control, variant);
begin
  return case
    when reason <> 'zero_variance' then reason
    when stats.baseline_sign(control, alpha) = 0 then 'no_baseline'
    else reason
  end;
end
$$;

comment on function stats.lift_reason(stats.readout, stats.readout, double precision) is
'Why there is no lift: those of stats.reason, or no_baseline when the control is zero or its own interval covers zero.';

create or replace function stats.lift_linear(
  control stats.readout, variant stats.readout, alpha double precision default 0.05
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.relative;
  base constant double precision := abs(control.value);
  df double precision;
  half double precision;
begin
  answer.reason_code := stats.lift_reason(control, variant, alpha);
  if answer.reason_code is null or answer.reason_code = 'zero_variance' then
    df := stats.welch_df(control, variant);
    answer.lift := (variant.value - control.value) / base;
    answer.std_error := sqrt(
      variant.variance / base / base + control.variance / base / base * (variant.value / base) ^ 2);
    half := stats.t_critical(alpha, df) * nullif(answer.std_error, 0);
    answer.ci_low := answer.lift - half;
    answer.ci_high := answer.lift + half;
    answer.p_value := stats.t_two_sided_p(answer.lift / nullif(answer.std_error, 0), df);
  end if;
  return answer;
end
$$;

comment on function stats.lift_linear(stats.readout, stats.readout, double precision) is
E'The difference relative to the control''s absolute value, so that up is up also from a negative baseline; linear delta method.\nV = (v1 + v0 (m1 / m0)²) / m0², degrees of freedom of the absolute difference.';

create or replace function stats.lift(
  control stats.readout, variant stats.readout, alpha double precision default 0.05
) returns stats.relative
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  answer stats.relative;
  m0 constant double precision := control.value;
  m1 constant double precision := variant.value;
  log0 stats.readout;
  log1 stats.readout;
begin
  -- The logarithm of a mean has a variance only where the mean is clear of zero.
  if not (m0 > 0 and 5 * m1 > sqrt(variant.variance)) or stats.lift_reason(control, variant, alpha) is not null then
    return stats.lift_linear(control, variant, alpha);
  end if;
  log0 := row(control.n, ln(m0), control.variance / m0 / m0, control.spread / m0 / m0 / m0 / m0);
  log1 := row(variant.n, ln(m1), variant.variance / m1 / m1, variant.spread / m1 / m1 / m1 / m1);
  answer.lift := (m1 - m0) / m0;
  answer.std_error := sqrt(log0.variance + log1.variance);
  answer.ci_low := stats.t_critical(alpha, stats.welch_df(log0, log1)) * answer.std_error;
  answer.ci_high := stats.exp_or_zero(least(answer.ci_low, 690)) * m1 / m0 - 1;
  answer.ci_low := stats.exp_or_zero(-answer.ci_low) * m1 / m0 - 1;
  answer.p_value := stats.t_two_sided_p((log1.value - log0.value) / answer.std_error, stats.welch_df(log0, log1));
  return answer;
end
$$;

comment on function stats.lift(stats.readout, stats.readout, double precision) is
E'The relative difference, by the delta method on the log scale: the interval never falls below -100 %.\nstd_error and p_value are those of ln(m1 / m0). Linear (lift_linear) where a mean is not clearly positive. Null when the control is not clear of zero.';

-- ==== sql/20_functions/stats_power.sql

-- How many subjects a comparison of two means needs, and what it can see with those that it gets.
create or replace function stats.subjects_needed(
  variance double precision, effect double precision, share0 double precision, share1 double precision,
  alpha double precision, power double precision
) returns double precision
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  spread constant double precision := variance * (1 / nullif(share0, 0) + 1 / nullif(share1, 0)) / nullif(effect, 0) ^ 2;
  reach double precision := stats.normal_quantile(1 - alpha / 2) + stats.normal_quantile(power);
  subjects double precision := spread * reach ^ 2;
begin
  if subjects is null then
    return null;
  end if;
  -- The t of so many subjects is a little wider than the normal: they are counted again with it.
  for round in 1..20 loop
    reach := stats.t_critical(alpha, greatest(subjects * (share0 + share1) - 2, 1))
      + stats.t_critical(2 * (1 - power), greatest(subjects * (share0 + share1) - 2, 1));
    exit when abs(spread * reach ^ 2 - subjects) < 1e-6 * subjects;
    subjects := spread * reach ^ 2;
  end loop;
  return greatest(ceil(subjects), 4);
end
$$;

comment on function stats.subjects_needed(
  double precision, double precision, double precision, double precision, double precision, double precision
) is E'Subjects, over all arms, until a two-sided Welch test at alpha sees the effect with this power; the two arms get share0 and share1 of them.\nThe usual approximation by central t: within a subject or two of the noncentral one. Power is above one half.';

create or replace function stats.detectable_effect(
  variance double precision, n0 double precision, n1 double precision, alpha double precision, power double precision
) returns double precision
language sql immutable strict parallel safe
set search_path = ''
return case when n0 >= 2 and n1 >= 2 then
  (stats.t_critical(alpha, n0 + n1 - 2) + stats.t_critical(2 * (1 - power), n0 + n1 - 2)) * sqrt(variance * (1 / n0 + 1 / n1))
end;

comment on function stats.detectable_effect(
  double precision, double precision, double precision, double precision, double precision
) is 'The smallest difference that a two-sided Welch test at alpha sees with this power; null with fewer than two subjects an arm.';

-- ==== sql/20_functions/identity.sql

create or replace function private.caller_is_server() returns boolean
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  return current_setting('role') = 'service_role'
    or (current_setting('role') = 'none' and session_user in ('postgres', 'supabase_admin'));
end
$$;

comment on function private.caller_is_server() is
'True for a secret key and for a direct connection of the owner: callers that RLS does not bind either.';

create or replace function private.api_key() returns public.api_keys
language plpgsql stable security definer
set search_path = ''
as $$
declare
  presented constant text := current_setting('upshot.api_key', true);
  opened public.api_keys;
begin
  if presented <> '' and auth.uid() is null then
    -- Not private.now(): a test's clock must not revive a key.
    select k.* into opened
    from private.api_key_secrets s
    join public.api_keys k on k.id = s.api_key_id
    where s.hash = presented and k.revoked_at is null
      and coalesce(s.expires_at > now(), true) and coalesce(k.expires_at > now(), true);
  end if;
  return opened;
end
$$;

comment on function private.api_key() is
E'The API key that acts in this request, while it is good; null when a person or a server acts.\nThe setting that names it holds the hash of its secret, so that only who knows the secret could forge it.\nDefiner: nobody reads hashes.';

create or replace function private.actor_kind() returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return case
    when current_setting('role') = 'service_role' then 'service'
    when private.caller_is_server() then 'system'
    when auth.uid() is null and (private.api_key()).id is not null then 'api_key'
    else 'user'
  end;
end
$$;

comment on function private.actor_kind() is 'Who acts: user, api_key, service (a server''s key) or system.';

create or replace function private.actor_id() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return case when private.caller_is_server() then null else coalesce(auth.uid(), (private.api_key()).id) end;
end
$$;

comment on function private.actor_id() is 'The user or the API key that acts; null for a server.';

create or replace function private.request_id() returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  given constant text := nullif(current_setting('request.headers', true), '')::json ->> 'x-request-id';
begin
  if given ~ '^[A-Za-z0-9._:/+=-]{1,200}$' then
    return given;
  elsif coalesce(current_setting('upshot.request_id', true), '') = '' then
    perform set_config('upshot.request_id', gen_random_uuid()::text, true);
  end if;
  return current_setting('upshot.request_id');
end
$$;

comment on function private.request_id() is
'What ties the writes of one request together: the header x-request-id, or an id made once a transaction.';

create or replace function private.require_person() returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if auth.uid() is null then
    perform private.fail('person_required');
  end if;
  return auth.uid();
end
$$;

comment on function private.require_person() is 'The signed-in user; raises person_required for API keys and servers.';

create or replace function private.key_environments() returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  acting public.api_keys;
begin
  if coalesce(current_setting('upshot.api_key', true), '') = '' or auth.uid() is not null then
    return null;
  end if;
  acting := private.api_key();
  -- A key that was closed while its call ran is for no environment any more: null would be all.
  return case when acting.id is null then '{}' else acting.environment_ids end;
end
$$;

comment on function private.key_environments() is
'The only environments that the acting API key may see and act in; null when all, and for people and servers.';

create or replace function private.require_environment(environment_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- Unknown beats false: a server's key is bound by nothing, also when the setting is there.
  if current_setting('upshot.api_key', true) <> '' and not (environment_id = any (private.key_environments())) and not private.caller_is_server() then
    perform private.fail('environment_denied');
  end if;
end
$$;

comment on function private.require_environment(uuid) is
'Raises environment_denied when an API key acts that is not for this environment.';

create or replace function private.require_ceiling(permissions text[], workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  above text;
begin
  if private.caller_is_server() then
    return;
  end if;
  above := (select coalesce(p, 'null') from unnest(permissions) p where not exists (
    select from private.my_workspaces_with(p) w where w = workspace_id) limit 1);
  if above is not null then
    perform private.fail('above_your_own', jsonb_build_object('permission', above));
  end if;
end
$$;

comment on function private.require_ceiling(text[], uuid) is
'Raises above_your_own unless the caller holds each of the permissions in the workspace.';

create or replace function private.require_caller() returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if auth.uid() is null and (private.api_key()).id is null then
    perform private.fail('sign_in_required');
  end if;
end
$$;

comment on function private.require_caller() is 'Raises sign_in_required unless a person or an API key acts.';

create or replace function private.may_enter(workspace_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return exists (select from public.workspaces w where w.id = may_enter.workspace_id);
  end if;
  perform private.require_caller();
  return exists (select from private.my_rooms() w where w = may_enter.workspace_id);
end
$$;

comment on function private.may_enter(uuid) is
'True when the workspace exists for the caller: any for a server, the memberships for a user, its own for an API key.';

create or replace function private.only_workspace() returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  choice uuid[];
begin
  if private.caller_is_server() then
    choice := array(select w.id from public.workspaces w limit 2);
  else
    perform private.require_caller();
    choice := array(select w from private.my_rooms() w limit 2);
  end if;
  if cardinality(choice) <> 1 then
    perform private.fail(case cardinality(choice) when 0 then 'no_workspace' else 'workspace_ambiguous' end);
  end if;
  return choice[1];
end
$$;

comment on function private.only_workspace() is
'The one workspace that the caller can reach; raises when there is none, or more than one.';

create or replace function private.require_permission(workspace_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if private.caller_is_server() then
    return;
  end if;
  if not exists (select from private.my_workspaces_with(permission) w where w = require_permission.workspace_id) then
    perform private.fail('permission_denied', jsonb_build_object('permission', permission));
  end if;
end
$$;

comment on function private.require_permission(uuid, text) is
'Raises permission_denied unless the caller holds the permission in the workspace.';

create or replace function private.granted_workspace(requested uuid, permission text) returns uuid
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := auth.uid();
  rooms uuid[];
begin
  if current_setting('role') <> 'authenticated' then
    return null;
  elsif me is null then
    rooms := array(
      select k.workspace_id from private.api_key() k
      where k.workspace_id = coalesce(requested, k.workspace_id) and permission = any (k.permissions));
  else
    -- An unheld permission leaves a null, so that it still counts as a workspace among which to choose.
    rooms := array(
      select r.workspace_id
      from public.members m
      left join public.role_permissions r
        on r.workspace_id = m.workspace_id and r.role = m.role and r.permission = permission
      where m.user_id = me and (requested is null or m.workspace_id = requested)
      limit 2);
  end if;
  return case cardinality(rooms) when 1 then rooms[1] end;
end
$$;

comment on function private.granted_workspace(uuid, text) is
E'The workspace named, or the caller''s only one, if a person or an API key acts that holds the permission there; else null, for whatever reason.\nDefiner: as my_workspaces_with.';

create or replace function private.authorise(requested uuid, permission text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  -- One look settles the common case; whoever it does not let through is asked step by step, and told why not.
  chosen uuid := private.granted_workspace(requested, permission);
begin
  if chosen is not null then
    return chosen;
  end if;
  chosen := coalesce(requested, private.only_workspace());
  if not private.may_enter(chosen) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', requested));
  end if;
  perform private.require_permission(chosen, permission);
  return chosen;
end
$$;

comment on function private.authorise(uuid, text) is
'The workspace that a verb works in: the one named, or the caller''s only one; raises unless the caller holds the permission there.';

create or replace function private.authorise_row(
  owner uuid, requested uuid, permission text, code text, context jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  -- A row of a workspace that the caller cannot see does not exist for them: same code, same words.
  if owner is null or owner <> coalesce(requested, owner) or not private.may_enter(owner) then
    perform private.fail(code, context);
  end if;
  perform private.require_permission(owner, permission);
end
$$;

comment on function private.authorise_row(uuid, uuid, text, text, jsonb) is
'Raises the given code unless the row''s workspace is the caller''s, and permission_denied unless they may act there.';

-- ==== sql/20_functions/arguments.sql

create or replace function private.require_text(argument text, value text, longest integer) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if value is null or length(value) not between 1 and longest then
    perform private.fail('bad_argument', jsonb_build_object(
      'argument', argument, 'expected', format('a text of 1 to %s characters', longest)));
  end if;
end
$$;

comment on function private.require_text(text, text, integer) is 'Raises bad_argument unless the text has 1 to so many characters.';

-- ==== sql/20_functions/api_keys.sql

-- What acts for an integrator's server. The secret is shown once; its hash alone is kept.
create or replace function private.secret_hash(secret text) returns text
language sql immutable
set search_path = ''
return encode(sha256(convert_to(secret, 'UTF8')), 'hex');

comment on function private.secret_hash(text) is 'SHA-256 of a secret, in hex.';

create or replace function private.new_secret(kind text) returns text
language sql volatile
set search_path = ''
return kind || '_' || encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');

comment on function private.new_secret(text) is 'A secret of 244 random bits that begins with what it is for.';

create or replace function private.api_key_environments(environments text[], workspace_id uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  found_ones uuid[];
  missing text;
begin
  if environments is null then
    return null;
  end if;
  missing := (select coalesce(k, 'null') from unnest(environments) k where not exists (
    select from public.environments e where e.workspace_id = workspace_id and e.key = k) limit 1);
  if missing is not null or cardinality(environments) = 0 then
    perform private.fail('unknown_environment', jsonb_build_object('environment', missing));
  end if;
  found_ones := array(select e.id from public.environments e
    where e.workspace_id = workspace_id and e.key = any (environments) order by e.key);
  return found_ones;
end
$$;

comment on function private.api_key_environments(text[], uuid) is
'The ids of environments by their keys; null for all; raises for a key that the workspace does not have.';

create or replace function private.require_permissions_for_key(permissions text[], workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
declare
  -- A null is no permission, and must not end the search before the others were looked at.
  refused text := (select coalesce(p, 'null') from unnest(permissions) p
    where not exists (select from public.permissions known where known.key = p and not known.is_personal) limit 1);
begin
  if coalesce(cardinality(permissions), 0) = 0 then
    perform private.fail('bad_argument', '{"argument": "permissions", "expected": "a list of at least one key of /permissions"}');
  elsif refused is not null then
    perform private.fail('not_for_keys', jsonb_build_object('permission', refused));
  end if;
  perform private.require_ceiling(permissions, workspace_id);
end
$$;

comment on function private.require_permissions_for_key(text[], uuid) is
'Raises unless an API key may hold these permissions and the caller holds each of them too.';

create or replace function private.create_api_key(
  name text, permissions text[], environments text[], expires_at timestamptz, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'api_keys.write');
  maker uuid := private.require_person();
  secret text := private.new_secret('upk');
  made public.api_keys;
begin
  perform private.require_text('name', name, 200);
  perform private.require_permissions_for_key(permissions, tenant);
  if expires_at <= private.now() then
    perform private.fail('bad_argument', '{"argument": "expires_at", "expected": "a time to come"}');
  end if;
  insert into public.api_keys (workspace_id, name, prefix, permissions, environment_ids, expires_at, created_by)
  values (tenant, name, left(secret, 12), array(select distinct p from unnest(permissions) p order by p),
    private.api_key_environments(environments, tenant), expires_at, maker)
  on conflict do nothing
  returning * into made;
  if made.id is null then
    perform private.fail('api_key_name_taken', jsonb_build_object('name', name));
  end if;
  insert into private.api_key_secrets (hash, api_key_id, workspace_id)
  values (private.secret_hash(secret), made.id, tenant);
  return to_jsonb(made) || jsonb_build_object('secret', secret);
end
$$;

comment on function private.create_api_key(text, text[], text[], timestamptz, uuid) is
E'Makes an API key and shows its secret, once.\nDefiner: the secret''s hash is in a table that nobody reads.';

create or replace function private.lock_api_key(api_key_id uuid, requested_workspace uuid) returns public.api_keys
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  owner uuid := (select k.workspace_id from public.api_keys k where k.id = api_key_id);
  locked public.api_keys;
begin
  perform private.authorise_row(owner, requested_workspace, 'api_keys.write', 'unknown_api_key',
    jsonb_build_object('api_key_id', api_key_id));
  perform private.require_person();
  select k.* into locked from public.api_keys k where k.id = api_key_id for no key update;
  return locked;
end
$$;

comment on function private.lock_api_key(uuid, uuid) is
'The API key''s row, locked; raises for a stranger, a missing permission, and whoever is no person.';

create or replace function private.rotate_api_key(
  api_key_id uuid, expected_prefix text, grace_seconds integer, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  rotated public.api_keys := private.lock_api_key(api_key_id, workspace_id);
  secret text := private.new_secret('upk');
begin
  -- Whoever rotates a key holds its secret afterwards: no road to more than one's own.
  perform private.require_ceiling(rotated.permissions, rotated.workspace_id);
  if rotated.revoked_at is not null or rotated.prefix is distinct from expected_prefix then
    perform private.fail(case when rotated.revoked_at is not null then 'api_key_revoked' else 'stale_api_key' end);
  elsif grace_seconds is null or grace_seconds not between 0 and 2592000 then
    perform private.fail('bad_argument', '{"argument": "grace_seconds", "expected": "from 0 to 2592000 (thirty days)"}');
  end if;
  update private.api_key_secrets s set expires_at = least(s.expires_at, now() + make_interval(secs => grace_seconds))
  where s.api_key_id = api_key_id;
  insert into private.api_key_secrets (hash, api_key_id, workspace_id)
  values (private.secret_hash(secret), rotated.id, rotated.workspace_id);
  update public.api_keys k set prefix = left(secret, 12), rotated_at = private.now()
  where k.id = rotated.id returning k.* into rotated;
  return to_jsonb(rotated) || jsonb_build_object('secret', secret);
end
$$;

comment on function private.rotate_api_key(uuid, text, integer, uuid) is
E'Gives an API key a new secret; the old one opens it for a while longer.\nDefiner: as create_api_key.';

create or replace function private.revoke_api_key(api_key_id uuid, workspace_id uuid) returns public.api_keys
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  revoked public.api_keys := private.lock_api_key(api_key_id, workspace_id);
begin
  if revoked.revoked_at is null then
    delete from private.api_key_secrets s where s.api_key_id = api_key_id;
    update public.api_keys k set revoked_at = private.now(), revoked_by = auth.uid()
    where k.id = api_key_id returning k.* into revoked;
  end if;
  return revoked;
end
$$;

comment on function private.revoke_api_key(uuid, uuid) is
E'Closes an API key for good: the next request with it is refused.\nDefiner: as create_api_key.';

-- ==== sql/20_functions/invitations.sql

-- Invitations: who invites gives nothing that they do not hold, and who accepts proves the address.
create or replace function private.role_permissions_of(role text, workspace_id uuid) returns text[]
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if not exists (select from public.roles r where r.workspace_id = workspace_id and r.key = role) then
    perform private.fail('unknown_role', jsonb_build_object('role', role));
  end if;
  return array(select p.permission from public.role_permissions p
    where p.workspace_id = workspace_id and p.role = role order by p.permission);
end
$$;

comment on function private.role_permissions_of(text, uuid) is
E'What a role holds; raises for one that the workspace does not have.\nDefiner: a member without workspace.read may still leave or hand over.';

create or replace function private.require_may_give(role text, workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if role = 'owner' and not private.caller_is_server()
    and not exists (select from private.my_owned_workspaces() w where w = workspace_id)
  then
    perform private.fail('owners_only');
  end if;
  perform private.require_ceiling(private.role_permissions_of(role, workspace_id), workspace_id);
end
$$;

comment on function private.require_may_give(text, uuid) is
'Raises unless the caller may give or take the role: owners alone make owners, and nobody gives more than they hold.';

create or replace function private.invite_member(
  email text, role text, expires_in_hours integer, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'members.write');
  host uuid := private.require_person();
  address text := lower(trim(email));
  token text := private.new_secret('upi');
  made public.invitations;
begin
  if address is null or length(address) > 320 or address !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    perform private.fail('bad_argument', '{"argument": "email", "expected": "an email address"}');
  elsif coalesce(expires_in_hours, 0) not between 1 and 720 then
    perform private.fail('bad_argument', '{"argument": "expires_in_hours", "expected": "from 1 to 720"}');
  end if;
  perform private.require_may_give(role, tenant);
  if exists (select from public.members m join auth.users u on u.id = m.user_id
    where m.workspace_id = tenant and lower(u.email) = address) then
    perform private.fail('already_member', jsonb_build_object('email', address));
  end if;
  -- Two who invite the same person at once: one after the other, and the later token stands.
  perform pg_advisory_xact_lock(hashtextextended('upshot.invitation ' || tenant || address, 0));
  perform private.settle_invitations(tenant, address, 'revoked', host);
  insert into public.invitations (workspace_id, email, role, expires_at, created_by)
  values (tenant, address, role, private.now() + make_interval(hours => expires_in_hours), host) returning * into made;
  insert into private.invitation_secrets (hash, invitation_id, workspace_id)
  values (private.secret_hash(token), made.id, tenant);
  return to_jsonb(made) || jsonb_build_object('token', token);
end
$$;

comment on function private.invite_member(text, text, integer, uuid) is
E'Invites an address and shows the token, once; an earlier invitation of the address is void.\nDefiner: reads auth.users, and hashes are in a table that nobody reads.';

create or replace function private.settle_invitations(tenant uuid, address text, outcome text, settler uuid) returns void
language sql
set search_path = ''
begin atomic
  update public.invitations i
  set state = outcome, settled_by = settler, settled_at = private.now()
  where i.workspace_id = tenant and i.email = address and i.state = 'pending';
end;

comment on function private.settle_invitations(uuid, text, text, uuid) is
'Ends what is pending for an address in a workspace.';

create or replace function private.still_may_give(host uuid, role text, workspace_id uuid) returns boolean
language sql stable
set search_path = ''
as $$
  with held as (
    select m.role, p.permission
    from public.members m
    join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
    where m.workspace_id = still_may_give.workspace_id and m.user_id = host
  )
  select exists (select from held where held.permission = 'members.write')
    and exists (select from public.roles r
      where r.workspace_id = still_may_give.workspace_id and r.key = still_may_give.role)
    and (still_may_give.role <> 'owner' or exists (select from held where held.role = 'owner'))
    and not exists (
      select from public.role_permissions p
      where p.workspace_id = still_may_give.workspace_id and p.role = still_may_give.role
        and p.permission not in (select held.permission from held))
$$;

comment on function private.still_may_give(uuid, text, uuid) is
'True while a member may give a role to somebody: nothing outlives the rights of who invited.';

create or replace function private.my_address() returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  me constant uuid := private.require_person();
begin
  return (select lower(u.email) from auth.users u where u.id = me and u.email_confirmed_at is not null);
end
$$;

comment on function private.my_address() is
E'The caller''s confirmed email address in lower case; null while it is not confirmed.\nDefiner: reads auth.users.';

create or replace function private.open_invitation(token text, invitation_id uuid) returns public.invitations
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  address text := private.my_address();
  found_one public.invitations;
begin
  select i.* into found_one from public.invitations i
  where i.id = case when token is null then invitation_id
    else (select s.invitation_id from private.invitation_secrets s where s.hash = private.secret_hash(token)) end;
  if found_one.id is null or (token is null and found_one.email is distinct from address) then
    perform private.fail('unknown_invitation');
  elsif address is null then
    perform private.fail('email_unconfirmed');
  elsif found_one.email <> address then
    perform private.fail('invitation_for_another');
  end if;
  -- Whom it is for, and nobody else, waits here.
  select i.* into found_one from public.invitations i where i.id = found_one.id for update;
  return found_one;
end
$$;

comment on function private.open_invitation(text, uuid) is
'The invitation that a token, or an id together with the address, opens for the caller; locked.';

create or replace function private.accept_invitation(token text, invitation_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  guest uuid := private.require_person();
  opened public.invitations := private.open_invitation(token, invitation_id);
  held text := (select m.role from public.members m where m.workspace_id = opened.workspace_id and m.user_id = guest);
  outcome text := case
    when opened.state = 'revoked' then 'revoked'
    when opened.state = 'accepted' and held is null then 'used'
    when opened.state = 'pending' and opened.expires_at <= now() then 'open until ' || opened.expires_at
    when opened.state = 'pending' and not private.still_may_give(opened.created_by, opened.role, opened.workspace_id)
      then 'void, because who invited may no longer give the role'
  end;
begin
  if outcome is not null then
    perform private.fail('invitation_over', jsonb_build_object('state', outcome));
  elsif opened.state = 'pending' then
    insert into public.members (workspace_id, user_id, role) values (opened.workspace_id, guest, opened.role)
    on conflict on constraint members_pkey do nothing;
    perform private.settle_invitations(opened.workspace_id, opened.email, 'accepted', guest);
  end if;
  return jsonb_build_object('workspace_id', opened.workspace_id, 'role', coalesce(held, opened.role),
    'was_member', held is not null);
end
$$;

comment on function private.accept_invitation(text, uuid) is
E'Makes the invited person a member.\nDefiner: nobody may insert members by hand, and the guest is none yet.';

create or replace function private.revoke_invitation(invitation_id uuid, workspace_id uuid) returns public.invitations
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  owner uuid := (select i.workspace_id from public.invitations i where i.id = invitation_id);
  revoked public.invitations;
begin
  perform private.authorise_row(owner, workspace_id, 'members.write', 'unknown_invitation', '{}');
  update public.invitations i set state = 'revoked', settled_by = auth.uid(), settled_at = private.now()
  where i.id = invitation_id and i.state = 'pending';
  select i.* into revoked from public.invitations i where i.id = invitation_id;
  return revoked;
end
$$;

comment on function private.revoke_invitation(uuid, uuid) is
E'Takes an invitation back.\nDefiner: nobody may write invitations by hand.';

create or replace function private.my_invitations()
returns table (
  invitation_id uuid, workspace_id uuid, workspace text, role text, expires_at timestamptz, invited_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  address constant text := private.my_address();
begin
  return query
  select i.id, i.workspace_id, w.name, i.role, i.expires_at, i.created_at
  from public.invitations i
  join public.workspaces w on w.id = i.workspace_id
  where i.email = address and i.state = 'pending' and i.expires_at > now()
    and private.still_may_give(i.created_by, i.role, i.workspace_id)
  order by i.id;
end
$$;

comment on function private.my_invitations() is
E'One row per invitation that waits for the caller.\nDefiner: who is invited is no member yet, and sees neither the row nor the workspace.';

-- ==== sql/20_functions/members.sql

-- Members and roles. Three rules hold everywhere: nobody gives or edits more than they hold, owners alone touch owners,
-- and a workspace keeps an owner (30_triggers/members.sql).
create or replace function private.lock_member(member uuid, workspace_id uuid, permission text) returns public.members
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, permission);
  locked public.members;
begin
  perform private.require_person();
  select m.* into locked from public.members m where m.workspace_id = tenant and m.user_id = member for no key update;
  if locked.user_id is null then
    perform private.fail('unknown_member', jsonb_build_object('user_id', member));
  end if;
  return locked;
end
$$;

comment on function private.lock_member(uuid, uuid, text) is
'The row of a member of the workspace that is meant, locked; raises for strangers and missing permissions.';

create or replace function private.change_role(
  user_id uuid, role text, expected_role text, workspace_id uuid
) returns public.members
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  changed public.members := private.lock_member(user_id, workspace_id, 'members.write');
begin
  if changed.role is distinct from expected_role then
    perform private.fail('stale_role', jsonb_build_object('role', changed.role));
  end if;
  perform private.require_may_give(changed.role, changed.workspace_id);
  perform private.require_may_give(role, changed.workspace_id);
  update public.members m set role = role
  where m.workspace_id = changed.workspace_id and m.user_id = changed.user_id returning m.* into changed;
  return changed;
end
$$;

comment on function private.change_role(uuid, text, text, uuid) is
E'Gives a member another role by compare-and-swap.\nDefiner: locks a row that a policy might hide after the change.';

create or replace function private.remove_member(
  user_id uuid, revoke_keys boolean, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  removed public.members := private.lock_member(user_id, workspace_id, 'members.write');
  keys uuid[];
begin
  perform private.require_may_give(removed.role, removed.workspace_id);
  keys := array(select k.id from public.api_keys k
    where k.workspace_id = removed.workspace_id and k.created_by = user_id and k.revoked_at is null order by k.id);
  if revoke_keys then
    perform private.revoke_api_key(k, removed.workspace_id) from unnest(keys) k;
  end if;
  delete from public.members m where m.workspace_id = removed.workspace_id and m.user_id = user_id;
  return jsonb_build_object('user_id', user_id, 'role', removed.role, 'api_keys', to_jsonb(keys), 'api_keys_revoked', revoke_keys);
end
$$;

comment on function private.remove_member(uuid, boolean, uuid) is
E'Ends a membership at once, and on demand the live API keys that the person made.\nDefiner: as change_role.';

create or replace function private.leave_workspace(workspace_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  leaver uuid := private.require_person();
begin
  if not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  delete from public.members m where m.workspace_id = workspace_id and m.user_id = leaver;
end
$$;

comment on function private.leave_workspace(uuid) is
E'Ends the caller''s own membership.\nDefiner: also for who may not read the table of members.';

create or replace function private.transfer_ownership(to_user uuid, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  giver uuid := private.require_person();
  tenant uuid := private.authorise(workspace_id, 'members.write');
  heir public.members;
begin
  perform private.require_may_give('owner', tenant);
  -- The workspace's row first, as the trigger that keeps an owner does: two who hand over at once do not wait in a ring.
  perform from public.workspaces w where w.id = tenant for no key update;
  -- Again: who waited here for their own other hand-over is no owner any more.
  perform private.require_may_give('owner', tenant);
  heir := private.lock_member(to_user, tenant, 'members.write');
  if heir.user_id <> giver then
    update public.members m set role = 'owner' where m.workspace_id = tenant and m.user_id = to_user;
    update public.members m set role = 'admin' where m.workspace_id = tenant and m.user_id = giver;
  end if;
  return jsonb_build_object('workspace_id', tenant, 'owner', to_user);
end
$$;

comment on function private.transfer_ownership(uuid, uuid) is
E'Makes another member the owner and the caller an admin, in one transaction.\nDefiner: as change_role.';

create or replace function private.require_may_edit_role(role text, workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if role = 'owner' then
    perform private.fail('owner_role_stays');
  end if;
  perform private.require_may_give(role, workspace_id);
end
$$;

comment on function private.require_may_edit_role(text, uuid) is
'Raises unless the caller may edit the role: never the owner''s, and none that holds more than they do.';

create or replace function private.save_role(
  key text, name text, permissions text[], is_new boolean, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'roles.write');
begin
  perform private.require_person();
  perform private.require_text('name', name, 200);
  if key is null or key !~ '^[a-z_]{1,50}$' then
    perform private.fail('bad_argument', '{"argument": "key", "expected": "1 to 50 lower-case letters or underscores"}');
  end if;
  perform private.require_ceiling(permissions, tenant);
  perform from public.workspaces w where w.id = tenant for no key update;
  if is_new and exists (select from public.roles r where r.workspace_id = tenant and r.key = key) then
    perform private.fail('role_taken', jsonb_build_object('role', key));
  elsif is_new then
    insert into public.roles (workspace_id, key, name) values (tenant, key, name);
  else
    perform private.require_may_edit_role(key, tenant);
    update public.roles r set name = name where r.workspace_id = tenant and r.key = key;
  end if;
  delete from public.role_permissions p
  where p.workspace_id = tenant and p.role = key and p.permission <> all (permissions);
  insert into public.role_permissions (workspace_id, role, permission)
  select distinct tenant, key, p from unnest(permissions) p on conflict do nothing;
  return jsonb_build_object('workspace_id', tenant, 'role', key, 'name', name,
    'permissions', to_jsonb(private.role_permissions_of(key, tenant)));
end
$$;

comment on function private.save_role(text, text, text[], boolean, uuid) is
E'Makes a role, or edits one, with exactly these permissions.\nDefiner: nobody may write roles by hand.';

create or replace function private.delete_role(role text, workspace_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'roles.write');
begin
  perform private.require_person();
  perform private.require_may_edit_role(role, tenant);
  if exists (select from public.members m where m.workspace_id = tenant and m.role = role)
    or exists (select from public.invitations i where i.workspace_id = tenant and i.role = role and i.state = 'pending')
  then
    perform private.fail('role_in_use', jsonb_build_object('role', role));
  end if;
  delete from public.roles r where r.workspace_id = tenant and r.key = role;
end
$$;

comment on function private.delete_role(text, uuid) is E'Deletes a role that nobody has.\nDefiner: as save_role.';

-- ==== sql/20_functions/hash.sql

create or replace function private.bucket(salt text, purpose text, unit_id text) returns integer
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
begin
  return (('x' || encode(substring(sha256(convert_to(salt || ':' || purpose || ':' || unit_id, 'UTF8')) for 6), 'hex'))
    ::bit(48)::bigint % 10000)::integer;
end
$$;

comment on function private.bucket(text, text, text) is
E'The bucket, of 0 to 9999, of a unit: first 48 bits of SHA-256(salt:purpose:unit), modulo 10,000.\nThe purpose is traffic or variant, so that who takes part says nothing about the arm. Vectors: frontend_contract/fixtures.';

-- ==== sql/20_functions/audience.sql

-- The language of audiences: {"all": […]}, {"any": […]}, {"not": …}, {"attribute": "plan", "eq": "pro"}.
-- It is compiled to jsonpath, which Postgres evaluates in C and which can neither loop nor backtrack.
-- Two-valued: what is absent, null or of another type does not match, and not turns that round.
create or replace function private.audience_value_problem(operator text, v jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  kind constant text := jsonb_typeof(v);
  allowed constant text[] := case operator
    when 'exists' then '{boolean}' when 'starts_with' then '{string}' when 'in' then '{array}'
    when 'eq' then '{string,number,boolean}' when 'contains' then '{string,number,boolean}'
    else '{string,number}' end::text[];
  item jsonb;
begin
  if kind <> all (allowed) then
    return 'the value must be ' || array_to_string(allowed, ' or ');
  elsif kind = 'string' and (length(v #>> '{}') > 512 or (operator in ('starts_with', 'contains') and v = '""')) then
    return 'the text must have 1 to 512 characters';
  elsif kind = 'number' and not (v = '0' or abs(v::numeric) between 1e-15 and 1e15 and v::float8::numeric = v::numeric) then
    return 'the number must be 0 or between 1e-15 and 1e15, with at most 15 digits';
  elsif kind = 'array' then
    if jsonb_array_length(v) not between 1 and 500 then
      return 'the list must have 1 to 500 values';
    end if;
    for item in select value from jsonb_array_elements(v) loop
      if private.audience_value_problem('eq', item) is not null then
        return 'in the list, ' || private.audience_value_problem('eq', item);
      end if;
    end loop;
  end if;
  return null;
end
$$;

comment on function private.audience_value_problem(text, jsonb) is
'What is wrong with the value of an operator, in words; null when nothing is.';

create or replace function private.audience_leaf_problem(leaf jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  name constant jsonb := leaf -> 'attribute';
  operators constant text[] := array(select k from jsonb_object_keys(leaf) k where k <> 'attribute');
begin
  if name is null then
    return 'a rule is all, any, not, or an attribute with one operator';
  elsif jsonb_typeof(name) <> 'string' or length(name #>> '{}') > 200
    or name #>> '{}' !~ '^[A-Za-z_][A-Za-z0-9_-]{0,63}(\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,3}$'
  then
    return 'attribute must be a name of letters, digits, _ and -, or up to four of them with dots between';
  elsif cardinality(operators) <> 1
    or operators[1] <> all ('{eq,in,gt,gte,lt,lte,exists,contains,starts_with}'::text[])
  then
    return 'an attribute needs exactly one of eq, in, gt, gte, lt, lte, exists, contains, starts_with';
  end if;
  return private.audience_value_problem(operators[1], leaf -> operators[1]);
end
$$;

comment on function private.audience_leaf_problem(jsonb) is
'What is wrong with a rule about one attribute, in words; null when nothing is.';

create or replace function private.audience_problem(node jsonb, path text default '', depth integer default 1)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  junction constant text := (select k from jsonb_object_keys(
    case jsonb_typeof(node) when 'object' then node else '{}' end) k where k in ('all', 'any', 'not') limit 1);
  problem text := case
    when jsonb_typeof(node) is distinct from 'object' then 'a rule must be an object'
    when depth > 8 then 'rules may be nested 8 deep at most'
    when junction is null then private.audience_leaf_problem(node)
    when (select count(*) from jsonb_object_keys(node)) > 1 then format('%s must stand alone in its object', junction)
    when junction <> 'not' and (jsonb_typeof(node -> junction) <> 'array'
      or jsonb_array_length(node -> junction) not between 1 and 50) then format('%s must be a list of 1 to 50 rules', junction)
  end;
  child record;
  found_one jsonb;
begin
  if problem is not null then
    return jsonb_build_object('path', coalesce(nullif(path, ''), '/'), 'problem', problem);
  elsif junction = 'not' then
    return private.audience_problem(node -> 'not', path || '/not', depth + 1);
  elsif junction is null then
    return null;
  end if;
  for child in select e.value, e.ordinality - 1 as n from jsonb_array_elements(node -> junction) with ordinality e loop
    found_one := private.audience_problem(child.value, format('%s/%s/%s', path, junction, child.n), depth + 1);
    exit when found_one is not null;
  end loop;
  return found_one;
end
$$;

comment on function private.audience_problem(jsonb, text, integer) is
'The first thing that is wrong with an audience: {path, problem}; null when nothing is.';

create or replace function private.check_audience(audience jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fault jsonb := case when octet_length(audience::text) > 32768
    then '{"path": "/", "problem": "it must be smaller than 32 kB"}'
    else private.audience_problem(audience) end;
begin
  if fault is not null then
    perform private.fail('bad_audience', fault);
  end if;
end
$$;

comment on function private.check_audience(jsonb) is 'Raises bad_audience, naming the first node that is not as it must be.';

create or replace function private.audience_leaf_words(leaf jsonb, negated boolean) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  operator constant text := (select k from jsonb_object_keys(leaf) k where k <> 'attribute');
  v constant jsonb := leaf -> operator;
  place constant text := '$."' || replace(leaf ->> 'attribute', '.', '"."') || '"';
  said constant text := case operator
    when 'eq' then format('%s == %s', place, v)
    when 'in' then (select string_agg(format('%s == %s', place, i.value), ' || ') from jsonb_array_elements(
      case jsonb_typeof(v) when 'array' then v else '[]' end) i)
    when 'exists' then format('%s != null', place)
    when 'starts_with' then format('%s starts with %s', place, v)
    when 'contains' then format('exists(%s[*] ? (@ == %s))', place, v)
      || case jsonb_typeof(v) when 'string' then format(' || %s like_regex %s flag "q"', place, v) else '' end
    else format('%s %s %s', place, (jsonb_build_object('gt', '>', 'gte', '>=', 'lt', '<', 'lte', '<=') ->> operator), v)
  end;
begin
  if negated = (operator = 'exists' and v = 'false') then
    return format('(%s)', said);
  end if;
  -- Unknown is what jsonpath says of an absent attribute or another type: here it does not match.
  return format('(!(%s) || (%s) is unknown)', said, said);
end
$$;

comment on function private.audience_leaf_words(jsonb, boolean) is 'A rule about one attribute, or its opposite, as jsonpath.';

create or replace function private.audience_words(node jsonb, negated boolean default false) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  if node ? 'not' then
    return private.audience_words(node -> 'not', not negated);
  elsif node ? 'all' or node ? 'any' then
    return '(' || (
      select string_agg(private.audience_words(e.value, negated), case when (node ? 'all') = negated then ' || ' else ' && ' end
        order by e.ordinality)
      from jsonb_array_elements(coalesce(node -> 'all', node -> 'any')) with ordinality e) || ')';
  end if;
  return private.audience_leaf_words(node, negated);
end
$$;

comment on function private.audience_words(jsonb, boolean) is
'A valid audience, or its opposite, as the words of a jsonpath: not is pushed down to the attributes.';

create or replace function private.audience_path(audience jsonb) returns jsonpath
language plpgsql immutable strict
set search_path = ''
as $$
begin
  return ('strict ' || private.audience_words(audience))::jsonpath;
end
$$;

comment on function private.audience_path(jsonb) is 'A valid audience, compiled; null for everybody.';

create or replace function private.audience_matches(audience jsonb, context jsonb) returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
  return audience is null or coalesce(context @@ private.audience_path(audience), false);
end
$$;

comment on function private.audience_matches(jsonb, jsonb) is
E'Whether a call is in an audience; null is everybody.\nThe context is the call''s attributes, and under call what else it says. decide evaluates the compiled form.';

create or replace function private.audience_miss(node jsonb, context jsonb, path text default '') returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  here constant text := coalesce(nullif(path, ''), '/');
begin
  if node is null or private.audience_matches(node, context) then
    return null;
  elsif node ? 'all' then
    return (
      select private.audience_miss(e.value, context, format('%s/all/%s', path, e.ordinality - 1))
      from jsonb_array_elements(node -> 'all') with ordinality e
      where not private.audience_matches(e.value, context)
      order by e.ordinality limit 1);
  end if;
  return here;
end
$$;

comment on function private.audience_miss(jsonb, jsonb, text) is
'The node that keeps a call out of an audience, as a JSON pointer; null when nothing does.';

-- ==== sql/20_functions/layers.sql

create or replace function private.slot_holder(experiment public.experiments) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select e.key from public.experiments e
    where e.workspace_id = experiment.workspace_id
      and e.layer_id = experiment.layer_id
      and e.environment_id = experiment.environment_id
      and e.id <> experiment.id
      and e.state in ('active', 'paused')
      and e.layer_from < experiment.layer_to
      and experiment.layer_from < e.layer_to
    order by e.layer_from
    limit 1);
end
$$;

comment on function private.slot_holder(public.experiments) is
'The key of a live experiment that holds some of the same slots in the same environment; null when none does.';

create or replace function private.set_holdout(
  environment text, share integer, expected_number integer, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'layers.write');
  place uuid := private.environment_id(tenant, environment);
  present public.holdouts;
  made public.holdouts;
begin
  if share is null or share not between 0 and 10000 then
    perform private.fail('bad_argument', '{"argument": "share", "expected": "basis points from 0 to 10000"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('holdout:' || place, 0));
  select h.* into present from public.holdouts h where h.environment_id = place order by h.number desc limit 1;
  if coalesce(present.number, 0) is distinct from coalesce(expected_number, 0) then
    perform private.fail('stale_holdout', jsonb_build_object(
      'expected_number', expected_number, 'number', coalesce(present.number, 0)));
  elsif present.share is distinct from share then
    insert into public.holdouts (workspace_id, environment_id, number, share, salt, reason, created_by)
    values (tenant, place, coalesce(present.number, 0) + 1, share,
      coalesce(present.salt, encode(sha256(uuid_send(gen_random_uuid())), 'hex')), coalesce(reason, ''), auth.uid())
    returning * into made;
    perform private.log_holdout(made, coalesce(present.share, 0), environment);
    present := made;
  end if;
  return to_jsonb(present) - 'salt' || jsonb_build_object('environment', environment);
end
$$;

comment on function private.set_holdout(text, integer, integer, text, uuid) is
E'Changes the share of subjects that an environment keeps out of every experiment, by compare-and-swap.\nDefiner: holdouts are append-only and numbered under a lock, so nobody may insert them by hand.';

create or replace function private.log_holdout(made public.holdouts, before integer, environment text) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', made.workspace_id, 'kind', 'holdout_changed', 'environment_id', made.environment_id,
    'summary', format('Changed the holdout of %s from %s %% to %s %%', environment,
      trim_scale(before / 100.0), trim_scale(made.share / 100.0)),
    'detail', jsonb_build_object('number', made.number, 'from', before, 'to', made.share, 'reason', made.reason))));
end
$$;

comment on function private.log_holdout(public.holdouts, integer, text) is 'The ledger''s row for a holdout that was changed.';

-- ==== sql/20_functions/scopes.sql

create type private.scope as (
  workspace_id uuid, environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid
);

comment on type private.scope is 'Where something is live or decided: environment and capability, then perhaps action and intent.';

create or replace function private.resolve_scope(
  workspace_id uuid, environment text, capability text, action text, intent text
) returns private.scope
language plpgsql stable
set search_path = ''
as $$
declare
  scope private.scope;
  missing text;
begin
  select resolve_scope.workspace_id, e.id, c.id, a.id, i.id into scope
  from (values (1)) as here
  left join public.environments e on e.workspace_id = resolve_scope.workspace_id and e.key = environment
  left join public.capabilities c on c.workspace_id = resolve_scope.workspace_id and c.key = capability
  left join public.actions a on a.capability_id = c.id and a.key = action
  left join public.intents i on i.workspace_id = resolve_scope.workspace_id and i.key = intent;
  missing := case
    when scope.environment_id is null then 'environment'
    when scope.capability_id is null then 'capability'
    when action is not null and scope.action_id is null then 'action'
    when intent is not null and scope.intent_id is null then 'intent'
  end;
  if missing is not null then
    perform private.fail('unknown_' || missing, jsonb_build_object(
      'environment', environment, 'capability', capability, 'action', action, 'intent', intent));
  end if;
  perform private.require_environment(scope.environment_id);
  return scope;
end
$$;

comment on function private.resolve_scope(uuid, text, text, text, text) is
'Turns keys into a scope; raises unknown_… for a key that the workspace does not have, and environment_denied for an API key that is not for the environment.';

create or replace function private.live_head(scope private.scope) returns private.deployment_heads
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  -- Action before intent: a call for an action must not get the prompt of the whole capability.
  select h.* into head
  from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and (h.action_id is null or h.action_id = scope.action_id)
    and (h.intent_id is null or h.intent_id = scope.intent_id)
    -- A scope that was given back answers nothing: the wider one does.
    and h.prompt_version_id is not null
  order by (h.action_id is not null) desc, (h.intent_id is not null) desc
  limit 1;
  return head;
end
$$;

comment on function private.live_head(private.scope) is
E'What is live for a call: the most specific scope wins.\nAction and intent, then action, then intent, then the capability.';

create or replace function private.environment_id(workspace_id uuid, environment text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  found_one uuid := (select e.id from public.environments e
    where e.workspace_id = environment_id.workspace_id and e.key = environment);
begin
  if found_one is null then
    perform private.fail('unknown_environment', jsonb_build_object('environment', environment));
  end if;
  perform private.require_environment(found_one);
  return found_one;
end
$$;

comment on function private.environment_id(uuid, text) is
'The environment with a key; raises unknown_environment when the workspace has none, and environment_denied for an API key that is not for it.';

-- ==== sql/20_functions/experiment_templates.sql

-- Templates of experiments: a document with typed blanks.
create or replace view private.template_defaults with (security_invoker = true) as
select made.key, made.name, made.description, common.slots || made.slots::jsonb as slots,
  common.document || made.document::jsonb as document
from (values
  ('intent-prompt-outcome', 'Intent > Prompt > Outcome', 'Two prompts for one intent: which one moves the outcome?',
    '{"intent": {"type": "text", "description": "key of the intent"},
      "control": {"type": "version", "description": "what runs now"},
      "challenger": {"type": "version", "description": "what might be better"}}',
    '{"intents": [{"$slot": "intent"}], "variants": [
      {"key": "control", "name": "Control", "is_control": true, "versions": {"*": {"$slot": "control"}}},
      {"key": "challenger", "name": "Challenger", "versions": {"*": {"$slot": "challenger"}}}]}'),
  ('intent-capability-actions-prompt-outcome', 'Intent > Capability + Actions + Prompt > Outcome',
    'Other prompts for several actions of a capability at once, for the intents that you name.',
    '{"intents": {"type": "list", "description": "keys of intents"}, "actions": {"type": "list", "description": "keys of actions"},
      "control": {"type": "versions", "description": "action to version, as now"},
      "challenger": {"type": "versions", "description": "action to version, changed"}}',
    '{"intents": {"$slot": "intents"}, "actions": {"$slot": "actions"}, "variants": [
      {"key": "control", "name": "Control", "is_control": true, "versions": {"$slot": "control"}},
      {"key": "challenger", "name": "Challenger", "versions": {"$slot": "challenger"}}]}'),
  ('model-comparison', 'Model comparison', 'One prompt, several models: what does the outcome say?',
    '{"base": {"type": "version", "description": "the version whose model varies"},
      "models": {"type": "list", "description": "names of models, or {provider, model}; the first is the control"}}',
    '{"base": {"*": {"$slot": "base"}}, "factors": [{"key": "model", "name": "Model", "kind": "model", "levels": {"$slot": "models"}}]}'),
  ('parameter-sweep', 'Parameter sweep', 'One prompt, several values of a parameter.',
    '{"base": {"type": "version", "description": "the version whose parameter varies"},
      "param": {"type": "text", "description": "for instance temperature"},
      "values": {"type": "list", "description": "its values; the first is the control"}}',
    '{"base": {"*": {"$slot": "base"}}, "factors": [{"key": "value", "name": "Value", "kind": "param",
      "param": {"$slot": "param"}, "levels": {"$slot": "values"}}]}'),
  ('factorial', 'Factorial', 'Several things vary at once, every combination is an arm: which of them matters, and do they act together?',
    '{"base": {"type": "versions", "description": "action, or *, to the version that the cells are made from"},
      "factors": {"type": "list", "description": "[{key, kind, levels}]; kinds are prompt, model, param, tools, version"}}',
    '{"base": {"$slot": "base"}, "factors": {"$slot": "factors"}}')
) as made (key, name, description, slots, document)
cross join (select
  '{"key": {"type": "text", "description": "key of the experiment"}, "name": {"type": "text", "description": "its name"},
    "hypothesis": {"type": "text", "description": "what is expected, and why", "default": ""},
    "environment": {"type": "text", "description": "key of the environment", "default": "production"},
    "capability": {"type": "text", "description": "key of the capability"},
    "metric": {"type": "text", "description": "key of the primary metric"},
    "minimum_effect": {"type": "number", "description": "the smallest difference that matters", "default": null}}'::jsonb as slots,
  '{"key": {"$slot": "key"}, "name": {"$slot": "name"}, "hypothesis": {"$slot": "hypothesis"},
    "environment": {"$slot": "environment"}, "capability": {"$slot": "capability"},
    "minimum_effect": {"$slot": "minimum_effect"},
    "metrics": [{"metric": {"$slot": "metric"}, "role": "primary"}]}'::jsonb as document) as common;

comment on view private.template_defaults is 'One row per template of experiments that a new workspace begins with.';

create or replace function private.fill_slots(part jsonb, filled jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(part) = 'object' and part ? '$slot' then
    return coalesce(filled -> (part ->> '$slot'), 'null');
  elsif jsonb_typeof(part) = 'object' then
    return (select coalesce(jsonb_object_agg(e.key, private.fill_slots(e.value, filled)), '{}') from jsonb_each(part) e);
  elsif jsonb_typeof(part) = 'array' then
    return (select coalesce(jsonb_agg(private.fill_slots(e.value, filled) order by e.ordinality), '[]')
      from jsonb_array_elements(part) with ordinality e);
  end if;
  return part;
end
$$;

comment on function private.fill_slots(jsonb, jsonb) is 'A document in which values stand where blanks stood.';

create or replace function private.check_slots(slots jsonb, given jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  slot record;
  value jsonb;
  filled jsonb := '{}'::jsonb;
begin
  perform private.require_field('given', jsonb_typeof(given) = 'object', 'an object of slot to value');
  for slot in select k as name from jsonb_object_keys(given) k where not slots ? k limit 1 loop
    perform private.require_field('given.' || slot.name, false, (
      select 'left out: the slots are ' || string_agg(k, ', ' order by k) from jsonb_object_keys(slots) k));
  end loop;
  for slot in select e.key as name, e.value ->> 'type' as type, e.value as said from jsonb_each(slots) e loop
    value := coalesce(given -> slot.name, slot.said -> 'default');
    perform private.require_field('given.' || slot.name, value is not null, 'given: ' || coalesce(slot.said ->> 'description', slot.type));
    perform private.require_field('given.' || slot.name, not given ? slot.name or jsonb_typeof(value) = any (
      case slot.type when 'text' then '{string}' when 'number' then '{number,null}' when 'list' then '{array}'
        when 'version' then '{string,object}' when 'versions' then '{string,object}' else '{}' end::text[]),
      'a ' || slot.type || ': ' || coalesce(slot.said ->> 'description', ''));
    filled := filled || jsonb_build_object(slot.name, value);
  end loop;
  return filled;
end
$$;

comment on function private.check_slots(jsonb, jsonb) is
'The value of every slot; raises bad_document for one that is missing, unknown, or of another type.';

create or replace function private.create_experiment_from_template(template text, given jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'experiments.write');
  found_one public.experiment_templates;
  document jsonb;
begin
  select t.* into found_one from public.experiment_templates t where t.workspace_id = tenant and t.key = template;
  if found_one.id is null then
    perform private.fail('unknown_experiment_template', jsonb_build_object('template', template));
  end if;
  document := private.fill_slots(found_one.document, private.check_slots(found_one.slots, given));
  return private.new_experiment(tenant, document, null,
    encode(sha256(convert_to('create ' || document::text, 'UTF8')), 'hex'));
end
$$;

comment on function private.create_experiment_from_template(text, jsonb, uuid) is
E'Drafts an experiment from a template and values for its blanks.\nDefiner: as create_experiment.';

create or replace function private.version_slots(document jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg('arm.' || (a ->> 'key'), jsonb_build_object('type', 'versions', 'default', a -> 'versions',
      'description', 'what the arm ' || (a ->> 'key') || ' runs: action, or *, to version')), '{}')
    from jsonb_array_elements(document -> 'variants') a);
end
$$;

comment on function private.version_slots(jsonb) is 'A slot for what each arm of a document runs; it runs the same by default.';

create or replace function private.save_as_template(
  experiment_id uuid, key text, name text, description text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  source public.experiments;
  document jsonb;
  made public.experiment_templates;
begin
  select e.* into source from public.experiments e where e.id = save_as_template.experiment_id;
  perform private.authorise_row(source.workspace_id, workspace_id, 'templates.write', 'unknown_experiment',
    jsonb_build_object('experiment_id', save_as_template.experiment_id));
  perform private.require_environment(source.environment_id);
  perform private.require_text('name', name, 200);
  document := private.experiment_document(source.id);
  insert into public.experiment_templates (workspace_id, key, name, description, slots, document)
  values (source.workspace_id, key, name, coalesce(description, ''),
    private.version_slots(document) || jsonb_build_object(
      'key', '{"type": "text", "description": "key of the experiment"}'::jsonb,
      'name', '{"type": "text", "description": "its name"}'::jsonb,
      'environment', jsonb_build_object('type', 'text', 'description', 'key of the environment', 'default', document -> 'environment')),
    document || '{"key": {"$slot": "key"}, "name": {"$slot": "name"}, "environment": {"$slot": "environment"}, "layer": null}'
      || jsonb_build_object('variants', (
        select coalesce(jsonb_agg(a || jsonb_build_object('versions', jsonb_build_object('$slot', 'arm.' || (a ->> 'key')))), '[]')
        from jsonb_array_elements(document -> 'variants') a)))
  on conflict on constraint experiment_templates_key_unique do nothing
  returning * into made;
  if made.id is null then
    perform private.fail('experiment_template_taken', jsonb_build_object('key', key));
  end if;
  return to_jsonb(made);
end
$$;

comment on function private.save_as_template(uuid, text, text, text, uuid) is
E'Makes a template of an experiment.\nDefiner: reads the experiment whole, and asks for templates.write itself.';

-- ==== sql/20_functions/workspaces.sql

create or replace view private.role_defaults as
select standing.role, standing.name, granted.permission
from (values
  ('owner', 'Owner', null::text[]),
  ('admin', 'Admin', null),
  ('product_manager', 'Product manager', array['workspace.read', 'catalog.write', 'prompts.write', 'templates.write',
    'metrics.write', 'experiments.write', 'experiments.activate', 'experiments.approve', 'layers.write',
    'deployments.publish', 'deployments.approve', 'deployments.rollback', 'decisions.make', 'comments.write',
    'runs.write']),
  ('prompt_engineer', 'Prompt engineer', array['workspace.read', 'catalog.write', 'prompts.write', 'templates.write',
    'metrics.write', 'experiments.write', 'experiments.approve', 'decisions.make', 'comments.write', 'runs.write']),
  ('operations', 'Operations', array['workspace.read', 'deployments.rollback', 'decisions.make', 'comments.write']),
  ('engineer', 'Engineer', array['workspace.read', 'environments.write', 'catalog.write', 'prompts.write',
    'templates.write', 'metrics.write', 'experiments.write', 'experiments.activate', 'experiments.approve',
    'layers.write', 'deployments.publish', 'deployments.approve', 'deployments.rollback', 'decisions.make',
    'events.write', 'comments.write', 'runs.write']),
  ('enablement', 'Enablement', array['workspace.read', 'prompts.write', 'templates.write', 'experiments.write',
    'comments.write']),
  ('viewer', 'Viewer', array['workspace.read'])
) as standing (role, name, permissions)
left join public.permissions known on standing.permissions is null or known.key = any (standing.permissions)
cross join lateral (select known.key) as granted (permission);

comment on view private.role_defaults is
'One row per role and permission that a new workspace begins with; a role without any has one row with null.';

create or replace function private.furnish_workspace(workspace_id uuid, owner uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.roles (workspace_id, key, name)
  select distinct furnish_workspace.workspace_id, d.role, d.name from private.role_defaults d;
  insert into public.role_permissions (workspace_id, role, permission)
  select furnish_workspace.workspace_id, d.role, d.permission
  from private.role_defaults d where d.permission is not null;
  insert into public.environments (workspace_id, key, name, is_production) values
    (furnish_workspace.workspace_id, 'production', 'Production', true),
    (furnish_workspace.workspace_id, 'staging', 'Staging', false);
  insert into public.experiment_templates (workspace_id, key, name, description, slots, document, created_by)
  select furnish_workspace.workspace_id, d.key, d.name, d.description, d.slots, d.document, null
  from private.template_defaults d;
  insert into public.members (workspace_id, user_id, role) values (furnish_workspace.workspace_id, owner, 'owner');
end
$$;

comment on function private.furnish_workspace(uuid, uuid) is 'Gives a new workspace its roles, its two environments, its templates of experiments and its owner.';

create or replace function private.create_workspace(name text, slug text) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  made uuid;
begin
  if auth.uid() is null then
    perform private.fail('sign_in_required');
  end if;
  perform private.require_text('name', name, 200);
  if slug is null or slug !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' then
    perform private.fail('bad_argument', '{"argument": "slug", "expected": "1 to 63 lower-case letters, digits or inner hyphens"}');
  end if;
  perform pg_advisory_xact_lock(hashtextextended(auth.uid()::text || slug, 0));
  made := (select w.id from public.workspaces w
    where w.created_by = auth.uid() and w.slug = create_workspace.slug
      -- Who was sent away is a stranger, also to what they made.
      and w.id in (select private.my_rooms()) order by w.id limit 1);
  if made is null then
    insert into public.workspaces (name, slug, created_by) values (name, slug, auth.uid()) returning id into made;
    perform private.furnish_workspace(made, auth.uid());
  end if;
  return jsonb_build_object('workspace_id', made, 'environments', (
    select jsonb_object_agg(e.key, e.id) from public.environments e where e.workspace_id = made));
end
$$;

comment on function private.create_workspace(text, text) is
E'Makes a workspace and its owner; the same caller and slug again returns the same workspace.\nDefiner: nobody is a member yet, so no policy could allow it.';

-- ==== sql/20_functions/alignment.sql

-- Which items of one list are which items of another: the base of every diff and merge. Deterministic, and bounded:
-- a longest common subsequence where that is cheap, a good one where it is not.
create or replace function private.longest_chain(values_in_order integer[]) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  tails integer[] := '{}'::integer[];
  ends integer[] := '{}'::integer[];
  before integer[] := array_fill(null::integer, array[cardinality(values_in_order)]);
  chain integer[] := '{}'::integer[];
  value integer;
  tall integer;
  at_place integer;
begin
  for place in 1..cardinality(values_in_order) loop
    value := values_in_order[place];
    tall := width_bucket(value - 1, tails) + 1;
    if tails[tall] is distinct from value then
      tails[tall] := value;
      ends[tall] := place;
      before[place] := ends[tall - 1];
    end if;
  end loop;
  at_place := ends[cardinality(ends)];
  for place in reverse cardinality(ends)..1 loop
    chain[place] := at_place;
    at_place := before[at_place];
  end loop;
  return chain;
end
$$;

comment on function private.longest_chain(integer[]) is
'The places of a longest strictly increasing subsequence: of equal ones the first that can be built, always the same.';

create or replace function private.candidate_pairs(
  a integer[], b integer[], out left_at integer[], out right_at integer[], out is_exact boolean
)
language sql immutable
set search_path = ''
as $$
  with mine as (select n::integer, v, row_number() over (partition by v order by n) as rank
    from unnest(a) with ordinality as t (v, n)),
  yours as (select n::integer, v, row_number() over (partition by v order by n) as rank
    from unnest(b) with ordinality as t (v, n)),
  cost as (select coalesce(sum(x.times * y.times), 0) <= 60000 as is_low
    from (select v, count(*) as times from mine group by v) x
    join (select v, count(*) as times from yours group by v) y using (v))
  select coalesce(array_agg(m.n order by m.n, y.n desc), '{}'), coalesce(array_agg(y.n order by m.n, y.n desc), '{}'),
    (select is_low from cost)
  from mine m join yours y on y.v = m.v
  where m.rank = y.rank or (select is_low from cost)
$$;

comment on function private.candidate_pairs(integer[], integer[]) is
'Equal items, ordered so that a rising chain is a common subsequence: all of them, or, where those would be too many, the k-th occurrence with the k-th.';

create or replace function private.common_start(a integer[], b integer[]) returns integer
language plpgsql immutable
set search_path = ''
as $$
declare
  most integer := least(cardinality(a), cardinality(b));
  same integer := 0;
begin
  while same < most and a[same + 1] = b[same + 1] loop
    same := same + 1;
  end loop;
  return same;
end
$$;

comment on function private.common_start(integer[], integer[]) is 'How many items two lists begin with alike.';

create or replace function private.common_end(a integer[], b integer[], most integer) returns integer
language plpgsql immutable
set search_path = ''
as $$
declare
  same integer := 0;
begin
  while same < most and a[cardinality(a) - same] = b[cardinality(b) - same] loop
    same := same + 1;
  end loop;
  return same;
end
$$;

comment on function private.common_end(integer[], integer[], integer) is
'How many items, at most so many, two lists end with alike.';

create or replace function private.align_ids(a integer[], b integer[], depth integer default 0) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  head integer := private.common_start(a, b);
  tail integer := private.common_end(a, b, least(cardinality(a), cardinality(b)) - head);
  middle_a integer[] := a[head + 1:cardinality(a) - tail];
  middle_b integer[] := b[head + 1:cardinality(b) - tail];
  start integer[] := array(select n from generate_series(1, head) n);
  finish integer[] := array(select cardinality(b) - tail + n from generate_series(1, tail) n);
begin
  if cardinality(middle_a) = 0 or cardinality(middle_b) = 0 or depth > 5 then
    return start || array_fill(null::integer, array[cardinality(middle_a)]) || finish;
  end if;
  return start
    || array(select m.j + head
      from unnest(private.align_middle(middle_a, middle_b, depth)) with ordinality as m (j, i) order by m.i)
    || finish;
end
$$;

comment on function private.align_ids(integer[], integer[], integer) is
'For every item of a list, the place of the same item in the other, in rising order; null where it has none.';

create or replace function private.align_middle(a integer[], b integer[], depth integer) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  pairs record := private.candidate_pairs(a, b);
  matched integer[] := '{}'::integer[];
  last_j integer := 0;
  place integer;
begin
  foreach place in array private.longest_chain(pairs.right_at) loop
    matched := matched
      || private.align_gap(a, b, cardinality(matched), pairs.left_at[place], last_j, pairs.right_at[place], pairs.is_exact, depth)
      || pairs.right_at[place];
    last_j := pairs.right_at[place];
  end loop;
  return matched
    || private.align_gap(a, b, cardinality(matched), cardinality(a) + 1, last_j, cardinality(b) + 1, pairs.is_exact, depth);
end
$$;

comment on function private.align_middle(integer[], integer[], integer) is
'As align_ids, for lists that neither begin nor end alike.';

create or replace function private.align_gap(
  a integer[], b integer[], last_i integer, next_i integer, last_j integer, next_j integer, is_exact boolean, depth integer
) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
begin
  if is_exact or next_i - last_i = 1 or next_j - last_j = 1 or cardinality(a) = next_i - last_i - 1 then
    return array_fill(null::integer, array[next_i - last_i - 1]);
  end if;
  return array(
    select m.j + last_j
    from unnest(private.align_ids(a[last_i + 1:next_i - 1], b[last_j + 1:next_j - 1], depth + 1))
      with ordinality as m (j, i)
    order by m.i);
end
$$;

comment on function private.align_gap(integer[], integer[], integer, integer, integer, integer, boolean, integer) is
'As align_ids, for what lies between two matches of a list; where the search was exact there is nothing more to find.';

create or replace function private.align(a text[], b text[]) returns integer[]
language sql immutable
set search_path = ''
as $$
  with items as (
    select 1 as side, n, v from unnest(a) with ordinality as t (v, n)
    union all select 2, n, v from unnest(b) with ordinality as t (v, n)),
  numbered as (select side, n, (dense_rank() over (order by v collate "C"))::integer as id from items)
  select private.align_ids(
    coalesce(array_agg(id order by n) filter (where side = 1), '{}'),
    coalesce(array_agg(id order by n) filter (where side = 2), '{}'))
  from numbered
$$;

comment on function private.align(text[], text[]) is
'For every text of a list, the place of the same text in the other list, in rising order; null where it has none.';

-- ==== sql/20_functions/rendering.sql

-- Filling {{variables}} into messages by the rule of docs/reference/prompt-templates.md. The workers' renderer and this
-- one are held together by frontend_contract/fixtures/rendering.json. Nothing is executed, and a value is never looked at again.
create or replace function private.number_text(value numeric) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  if scale(value) = 0 or abs(value) > 1.7976931348623157e308 then
    return trunc(value)::text;
  elsif abs(value) < 2.5e-324 then
    return '0';
  end if;
  -- A fraction is a double everywhere else: its shortest digits, without an exponent.
  return trim_scale(value::double precision::text::numeric)::text;
end
$$;

comment on function private.number_text(numeric) is 'A number as prompts show it: plain digits, no exponent, no zeros at the end.';

create or replace function private.json_text(value jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return case jsonb_typeof(value)
    when 'number' then private.number_text(value::numeric)
    when 'array' then '[' || coalesce((
      select string_agg(private.json_text(e.item), ', ' order by e.n)
      from jsonb_array_elements(value) with ordinality as e (item, n)), '') || ']'
    when 'object' then '{' || coalesce((
      select string_agg(to_json(e.key)::text || ': ' || private.json_text(e.value), ', ' order by e.key collate "C")
      from jsonb_each(value) e), '') || '}'
    else value::text
  end;
end
$$;

comment on function private.json_text(jsonb) is
'JSON as prompts show it: keys in the order of their code points, ", " and ": " between, numbers by number_text.';

create or replace function private.value_kind(value jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select case jsonb_typeof(value)
    when 'null' then 'null' when 'boolean' then 'a boolean' when 'string' then 'a string'
    when 'array' then 'an array' when 'object' then 'an object' else 'a number' end
$$;

comment on function private.value_kind(jsonb) is 'What a JSON value is, in words.';

create or replace function private.fits_type(value jsonb, type text) returns boolean
language plpgsql immutable
set search_path = ''
as $$
begin
  return case type
    when 'integer' then jsonb_typeof(value) = 'number' and private.number_text(value::numeric) not like '%.%'
    else jsonb_typeof(value) = type
  end;
end
$$;

comment on function private.fits_type(jsonb, text) is 'Whether a JSON value is of a variable''s type; 3.0 is an integer.';

create or replace function private.variable_fault(name text, spec jsonb, value jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  type text := coalesce(spec ->> 'type', 'string');
begin
  if not private.fits_type(value, type) then
    return format('%s is %s, but this version declares it as %s.', name, private.value_kind(value), type);
  elsif jsonb_typeof(spec -> 'enum') = 'array' and not exists (
    select from jsonb_array_elements(spec -> 'enum') e (item) where private.json_text(e.item) = private.json_text(value)
  ) then
    return format('%s is none of %s.', name, private.json_text(spec -> 'enum'));
  end if;
  return null;
end
$$;

comment on function private.variable_fault(text, jsonb, jsonb) is 'Why a value does not fit a variable, in words; null when it does.';

create or replace function private.require_known_variables(declared jsonb, given jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  extra text;
  missing text;
begin
  select string_agg(k, ', ' order by k collate "C") into extra
  from jsonb_object_keys(given) k where not declared ? k;
  if extra is not null then
    perform private.fail('unexpected_variable', jsonb_build_object('names', extra, 'declared', coalesce(
      (select string_agg(k, ', ' order by k collate "C") from jsonb_object_keys(declared) k), 'none')));
  end if;
  select string_agg(d.key, ', ' order by d.key collate "C") into missing
  from jsonb_each(declared) d
  where not given ? d.key and coalesce((d.value ->> 'required')::boolean, true) and d.value ->> 'default' is null;
  if missing is not null then
    perform private.fail('missing_variable', jsonb_build_object('names', missing));
  end if;
end
$$;

comment on function private.require_known_variables(jsonb, jsonb) is
'Raises unexpected_variable or missing_variable, naming them all in one order.';

create or replace function private.variable_texts(declared jsonb, given jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  slot record;
  fault text;
  texts jsonb := '{}'::jsonb;
begin
  perform private.require_known_variables(declared, given);
  for slot in
    select d.key, d.value as spec, coalesce(given -> d.key, d.value -> 'default', 'null') as value
    from jsonb_each(declared) d order by d.key collate "C"
  loop
    if slot.value = 'null' and not coalesce((slot.spec ->> 'required')::boolean, true) then
      texts := texts || jsonb_build_object(slot.key, '');
      continue;
    end if;
    fault := private.variable_fault(slot.key, slot.spec, slot.value);
    if fault is not null then
      perform private.fail('wrong_variable_type', jsonb_build_object('problem', fault, 'name', slot.key));
    end if;
    texts := texts || jsonb_build_object(slot.key, case jsonb_typeof(slot.value)
      when 'string' then slot.value #>> '{}' else private.json_text(slot.value) end);
  end loop;
  return texts;
end
$$;

comment on function private.variable_texts(jsonb, jsonb) is
'What each declared variable becomes; raises for a value that is missing, unexpected or of another type.';

create or replace function private.template_parts(content text)
returns table (n bigint, literal text, token text, name text)
language sql immutable
set search_path = ''
as $$
  select s.n, s.literal, m.found[1], m.found[2]
  from regexp_split_to_table(content, '\\\{\{|\{\{[ \t\n\v\f\r]*[A-Za-z_][A-Za-z0-9_]*[ \t\n\v\f\r]*\}\}|\{\{')
    with ordinality as s (literal, n)
  left join regexp_matches(
    content, '(\\\{\{|\{\{[ \t\n\v\f\r]*([A-Za-z_][A-Za-z0-9_]*)[ \t\n\v\f\r]*\}\}|\{\{)', 'g')
    with ordinality as m (found, n) on m.n = s.n
$$;

comment on function private.template_parts(text) is
'A text as pieces: each plain text with the token that follows it (a placeholder with its name, \{{, or a {{ that is neither).';

create or replace function private.content_fault(content text, number bigint, declared jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  bad record;
begin
  select p.name, p.before into bad
  from (select t.n, t.token, t.name,
      sum(length(t.literal)) over (order by t.n) + coalesce(sum(length(t.token)) over (
        order by t.n rows between unbounded preceding and 1 preceding), 0) + 1 as before
    from private.template_parts(content) t) p
  where p.token <> '\{{' and (p.name is null or not declared ? p.name)
  order by p.n limit 1;
  return case
    when not found then null
    when bad.name is null then format('Message %s has {{ without a name and }} at character %s; write \{{ for the braces.', number, bad.before)
    else format('Message %s uses {{%s}}, which this version does not declare.', number, bad.name)
  end;
end
$$;

comment on function private.content_fault(text, bigint, jsonb) is
'What is wrong with the first placeholder of a message that does not stand for a declared variable; null when all do.';

create or replace function private.check_placeholders(messages jsonb, declared jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fault text;
begin
  select private.content_fault(m.item ->> 'content', m.n, declared) into fault
  from jsonb_array_elements(messages) with ordinality as m (item, n)
  where jsonb_typeof(m.item -> 'content') = 'string' and m.item ->> 'content' like '%{{%'
    and private.content_fault(m.item ->> 'content', m.n, declared) is not null
  order by m.n limit 1;
  if fault is not null then
    perform private.fail('invalid_template', jsonb_build_object('problem', fault));
  end if;
end
$$;

comment on function private.check_placeholders(jsonb, jsonb) is
'Raises invalid_template unless every placeholder of every message stands for a declared variable.';

create or replace function private.filled(content text, texts jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(
    p.literal || case when p.token is null then '' when p.token = '\{{' then '{{' else texts ->> p.name end, '' order by p.n)
  from private.template_parts(content) p
$$;

comment on function private.filled(text, jsonb) is 'A text with every placeholder replaced, in one pass.';

create or replace function private.render_messages(messages jsonb, declared jsonb, given jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  texts jsonb;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "variables", "expected": "an object of name to value"}');
  elsif jsonb_path_exists(messages, '$[*] ? (@.content.type() != "string")') then
    perform private.fail('bad_bundle', '{"field": "messages", "expected": "texts, to be filled"}');
  end if;
  texts := private.variable_texts(declared, given);
  perform private.check_placeholders(messages, declared);
  return (
    select jsonb_agg(m.item || jsonb_build_object('content', private.filled(m.item ->> 'content', texts)) order by m.n)
    from jsonb_array_elements(messages) with ordinality as m (item, n));
end
$$;

comment on function private.render_messages(jsonb, jsonb, jsonb) is 'The messages with every placeholder filled; raises for what does not fit.';

-- ==== sql/20_functions/bundles.sql

-- What a bundle must be before it becomes a version: refused at the commit, never at the run.
create or replace function private.fail_bundle(field text, expected text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.fail('bad_bundle', jsonb_build_object('field', field, 'expected', expected));
end
$$;

comment on function private.fail_bundle(text, text) is 'Raises bad_bundle for a field.';

create or replace function private.check_variable(name text, spec jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  fault record;
begin
  select r.keyword, r.expected into fault
  from (values
    ('type', 'string, number, integer, boolean, array or object', coalesce(spec -> 'type', '"string"')
      in ('"string"', '"number"', '"integer"', '"boolean"', '"array"', '"object"')),
    ('required', 'true or false', jsonb_typeof(coalesce(spec -> 'required', 'true')) = 'boolean'),
    ('enum', 'an array', jsonb_typeof(coalesce(spec -> 'enum', '[]')) = 'array'),
    ('title', 'a text', jsonb_typeof(coalesce(spec -> 'title', '""')) = 'string'),
    ('description', 'a text', jsonb_typeof(coalesce(spec -> 'description', '""')) = 'string'),
    ('examples', 'an array', jsonb_typeof(coalesce(spec -> 'examples', '[]')) = 'array')
  ) as r (keyword, expected, holds)
  where not r.holds
  union all
  select k, 'left out: variables know type, required, default, enum, title, description and examples'
  from jsonb_object_keys(spec) k
  where k not in ('type', 'required', 'default', 'enum', 'title', 'description', 'examples')
  limit 1;
  if fault.keyword is not null then
    perform private.fail_bundle(format('variables.%s.%s', name, fault.keyword), fault.expected);
  elsif name !~ '^[A-Za-z_][A-Za-z0-9_]*$' then
    perform private.fail_bundle('variables.' || name, 'named by letters, digits and underscores, not beginning with a digit');
  elsif spec ->> 'default' is not null and private.variable_fault(name, spec, spec -> 'default') is not null then
    perform private.fail_bundle(format('variables.%s.default', name), 'a value of the variable''s type and enum');
  end if;
end
$$;

comment on function private.check_variable(text, jsonb) is 'Raises bad_bundle unless a variable is declared by the keywords that the renderer knows.';

create or replace function private.check_messages(messages jsonb, variables jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.check_variable(d.key, d.value) from jsonb_each(variables) d order by d.key collate "C";
  perform private.check_placeholders(messages, variables);
end
$$;

comment on function private.check_messages(jsonb, jsonb) is
'Raises bad_bundle or invalid_template unless the messages can be filled once the variables have values.';

-- ==== sql/20_functions/tags.sql

create or replace function private.lock_prompt(prompt_id uuid, code text, context jsonb, requested uuid) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  owner uuid := (select p.workspace_id from public.prompts p where p.id = lock_prompt.prompt_id);
begin
  perform private.authorise_row(owner, requested, 'prompts.write', code, context);
  -- The prompt's row serialises whatever moves its heads and tags: version numbers count over all of its branches.
  perform from public.prompts p where p.id = lock_prompt.prompt_id for no key update;
  return owner;
end
$$;

comment on function private.lock_prompt(uuid, text, jsonb, uuid) is
'The workspace of a prompt that the caller may change, with the prompt locked; raises the code for anybody else.';

create or replace function private.require_name(argument text, name text) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if name is null or name !~ '^[A-Za-z0-9][A-Za-z0-9_./-]{0,99}$' then
    perform private.fail('bad_argument', jsonb_build_object('argument', argument,
      'expected', '1 to 100 letters, digits, and after the first also _ . / -'));
  end if;
end
$$;

comment on function private.require_name(text, text) is 'Raises bad_argument unless the text can name a branch or a tag.';

create or replace function private.move_tag(held public.tags, target public.tags, reason text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.tag_moves (workspace_id, prompt_id, name, from_version_id, to_version_id, reason, created_by)
  values (target.workspace_id, target.prompt_id, target.name, held.version_id, target.version_id,
    coalesce(reason, ''), auth.uid());
end
$$;

comment on function private.move_tag(public.tags, public.tags, text) is
'Remembers where a tag pointed (null: nowhere) and where it points from now on.';

create or replace function private.require_tag_at(held public.tags, name text, expected_version uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if held.version_id is distinct from expected_version then
    perform private.fail('stale_tag', jsonb_build_object('tag', name, 'version_id', held.version_id));
  end if;
end
$$;

comment on function private.require_tag_at(public.tags, text, uuid) is
'Raises stale_tag unless the tag points at the version that the caller names; null means that there is no such tag.';

create or replace function private.tag_version(
  version_id uuid, name text, expected_version uuid, reason text, workspace_id uuid
) returns public.tags
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  prompt uuid := (select v.prompt_id from public.prompt_versions v where v.id = version_id);
  tenant uuid := private.lock_prompt(prompt, 'unknown_version', jsonb_build_object('version_id', version_id), workspace_id);
  held public.tags;
  made public.tags;
begin
  perform private.require_name('name', name);
  select t.* into held from public.tags t where t.prompt_id = prompt and t.name = tag_version.name;
  if held.version_id = version_id then
    return held;
  end if;
  perform private.require_tag_at(held, name, expected_version);
  insert into public.tags (workspace_id, prompt_id, name, version_id, created_by)
  values (tenant, prompt, name, version_id, auth.uid())
  on conflict on constraint tags_name_unique do update set version_id = excluded.version_id, moved_at = private.now()
  returning * into made;
  perform private.move_tag(held, made, reason);
  return made;
end
$$;

comment on function private.tag_version(uuid, text, uuid, text, uuid) is
E'Points a tag at a version by compare-and-swap.\nDefiner: every move of a tag is logged, so nobody may write tags by hand.';

create or replace function private.untag(
  prompt_id uuid, name text, expected_version uuid, reason text, workspace_id uuid
) returns public.tags
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  held public.tags;
  gone public.tags;
begin
  perform private.lock_prompt(prompt_id, 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id), workspace_id);
  select t.* into held from public.tags t where t.prompt_id = untag.prompt_id and t.name = untag.name;
  if held.id is null then
    perform private.fail('unknown_tag', jsonb_build_object('tag', name));
  end if;
  perform private.require_tag_at(held, name, expected_version);
  delete from public.tags t where t.id = held.id;
  gone := held;
  gone.version_id := null;
  perform private.move_tag(held, gone, reason);
  return held;
end
$$;

comment on function private.untag(uuid, text, uuid, text, uuid) is
E'Takes a tag away by compare-and-swap.\nDefiner: as tag_version.';

-- ==== sql/20_functions/versions.sql

create or replace function private.bundle(version public.prompt_versions) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'messages', version.messages, 'variables', version.variables, 'provider', version.provider,
    'model', version.model, 'params', version.params, 'tools', version.tools,
    'response_format', version.response_format);
end
$$;

comment on function private.bundle(public.prompt_versions) is 'What a caller needs to make the model call.';

create or replace function private.version_card(version public.prompt_versions) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'id', version.id, 'prompt_id', version.prompt_id,
    'number', version.number, 'content_hash', version.content_hash);
end
$$;

comment on function private.version_card(public.prompt_versions) is 'What identifies a version.';

create or replace function private.check_bundle(
  messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb, response_format jsonb
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  fault jsonb;
begin
  select jsonb_build_object('field', field, 'expected', expected) into fault
  from (values
    ('messages', 'a non-empty array of {role, content}', jsonb_typeof(messages) = 'array'
      and jsonb_array_length(messages) > 0
      and not jsonb_path_exists(messages, '$[*] ? (!exists(@.role) || !exists(@.content) || @.role.type() != "string")')),
    ('variables', 'an object of name to JSON Schema', jsonb_typeof(variables) = 'object'
      and not jsonb_path_exists(variables, '$.* ? (@.type() != "object")')),
    ('provider', 'a text of 1 to 100 characters', length(provider) between 1 and 100),
    ('model', 'a text of 1 to 200 characters', length(model) between 1 and 200),
    ('params', 'an object', jsonb_typeof(params) = 'object'),
    ('tools', 'an array of objects', jsonb_typeof(tools) = 'array'
      and not jsonb_path_exists(tools, 'strict $[*] ? (@.type() != "object")')),
    ('response_format', 'an object or null', response_format is null or jsonb_typeof(response_format) = 'object')
  ) as rule (field, expected, holds)
  where holds is not true
  limit 1;
  if fault is not null then
    perform private.fail('bad_bundle', fault);
  end if;
  perform private.check_messages(messages, variables);
end
$$;

comment on function private.check_bundle(jsonb, jsonb, text, text, jsonb, jsonb, jsonb) is
'Raises bad_bundle, naming the first field that is not as it must be, or invalid_template.';

create or replace function private.lock_branch(
  prompt_id uuid, branch text, expected_head uuid, requested_workspace uuid
) returns public.branches
language plpgsql
set search_path = ''
as $$
declare
  line public.branches;
begin
  perform private.lock_prompt(prompt_id, 'unknown_prompt',
    jsonb_build_object('prompt_id', prompt_id), requested_workspace);
  select b.* into line from public.branches b
  where b.prompt_id = lock_branch.prompt_id and b.name = branch and b.deleted_at is null;
  if line.id is null then
    perform private.fail('unknown_branch', jsonb_build_object('branch', branch));
  end if;
  if expected_head is not null and expected_head is distinct from line.head_version_id then
    perform private.fail('stale_head', jsonb_build_object('branch', branch, 'head_version_id', line.head_version_id));
  end if;
  return line;
end
$$;

comment on function private.lock_branch(uuid, text, uuid, uuid) is
'The branch to commit to, with the prompt locked; raises for a stranger, an unknown branch, or a head that has moved.';

create or replace function private.add_version(line public.branches, draft public.prompt_versions)
returns public.prompt_versions
language plpgsql
set search_path = ''
as $$
declare
  made public.prompt_versions;
begin
  insert into public.prompt_versions (
    workspace_id, prompt_id, number, branch_id, parent_version_id, merged_version_id, forked_from_version_id,
    template_version_id, messages, variables, provider, model, params, tools, response_format, message, created_by)
  select line.workspace_id, line.prompt_id, coalesce(max(v.number), 0) + 1, line.id, line.head_version_id,
    draft.merged_version_id, draft.forked_from_version_id,
    coalesce(draft.template_version_id,
      (select h.template_version_id from public.prompt_versions h where h.id = line.head_version_id)),
    draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools, draft.response_format,
    coalesce(draft.message, ''), auth.uid()
  from public.prompt_versions v where v.prompt_id = line.prompt_id
  returning * into made;
  update public.branches b set head_version_id = made.id where b.id = line.id;
  return made;
end
$$;

comment on function private.add_version(public.branches, public.prompt_versions) is
'Numbers a draft, puts it at the head of a branch whose prompt is locked, and hands on the template that the line came from.';

create or replace function private.commit_draft(line public.branches, draft public.prompt_versions)
returns public.prompt_versions
language plpgsql
set search_path = ''
as $$
begin
  perform private.check_bundle(draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools,
    draft.response_format);
  if exists (
    select from public.prompt_versions v
    where v.id = line.head_version_id
      and v.content_hash = private.bundle_hash(draft.messages, draft.variables, draft.provider, draft.model,
        draft.params, draft.tools, draft.response_format)
  ) then
    perform private.fail('nothing_changed', jsonb_build_object('branch', line.name, 'version_id', line.head_version_id));
  end if;
  return private.add_version(line, draft);
end
$$;

comment on function private.commit_draft(public.branches, public.prompt_versions) is
'Adds a draft to a locked branch; raises for a bundle that is not valid, or the same as the head''s.';

create or replace function private.commit_version(
  prompt_id uuid, branch text, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb,
  response_format jsonb, message text, expected_head uuid, workspace_id uuid
) returns public.prompt_versions
language plpgsql security definer
set search_path = ''
as $$
declare
  line public.branches := private.lock_branch(prompt_id, branch, expected_head, workspace_id);
  draft public.prompt_versions;
begin
  draft.messages := messages;
  draft.variables := variables;
  draft.provider := provider;
  draft.model := model;
  draft.params := params;
  draft.tools := tools;
  draft.response_format := response_format;
  draft.message := message;
  return private.commit_draft(line, draft);
end
$$;

comment on function private.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid) is
E'Adds a version to a branch and moves its head.\nDefiner: versions are immutable, so nobody may insert or number them by hand.';

create or replace function private.version_of(variant_id uuid, action_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select r.prompt_version_id
    from public.variant_versions r
    where r.variant_id = version_of.variant_id
      and (r.action_id is null or r.action_id = version_of.action_id)
    order by (r.action_id is not null) desc
    limit 1);
end
$$;

comment on function private.version_of(uuid, uuid) is 'The version that a variant runs for an action: its own row, else the one for every action.';

create or replace function private.require_version(version_id uuid, requested uuid, permission text)
returns public.prompt_versions
language plpgsql stable
set search_path = ''
as $$
declare
  found_version public.prompt_versions;
begin
  select v.* into found_version from public.prompt_versions v where v.id = version_id;
  perform private.authorise_row(found_version.workspace_id, requested, permission, 'unknown_version',
    jsonb_build_object('version_id', version_id));
  return found_version;
end
$$;

comment on function private.require_version(uuid, uuid, text) is
'The version, for a caller who holds the permission where it is; for anybody else it does not exist.';

-- ==== sql/20_functions/version_fields.sql

-- A bundle as a list of paths and values, its messages aside: what diff and merge compare.
create or replace function private.pointer(variadic parts text[]) returns text
language sql immutable
set search_path = ''
as $$
  select string_agg('/' || replace(replace(part, '~', '~0'), '/', '~1'), '' order by n)
  from unnest(parts) with ordinality as p (part, n)
$$;

comment on function private.pointer(text[]) is 'A JSON Pointer.';

create or replace function private.unpointed(path text) returns text
language sql immutable
set search_path = ''
as $$
  select replace(replace(substr(path, strpos(substr(path, 2), '/') + 2), '~1', '/'), '~0', '~')
$$;

comment on function private.unpointed(text) is 'The name at the end of a path of one or two steps.';

create or replace function private.tool_name(tool jsonb) returns text
language sql immutable
set search_path = ''
as $$
  select coalesce(tool ->> 'name', tool #>> '{function,name}')
$$;

comment on function private.tool_name(jsonb) is 'What a tool is called: its name, or its function''s.';

create or replace function private.tool_names(tools jsonb) returns text[]
language sql immutable
set search_path = ''
as $$
  select array(select private.tool_name(t.tool) from jsonb_array_elements(tools) with ordinality as t (tool, n) order by t.n)
$$;

comment on function private.tool_names(jsonb) is 'The names of tools, in their order.';

create or replace function private.has_named_tools(bundle jsonb) returns boolean
language sql immutable
set search_path = ''
as $$
  select count(*) = count(distinct private.tool_name(t)) from jsonb_array_elements(bundle -> 'tools') t
$$;

comment on function private.has_named_tools(jsonb) is 'Whether every tool of a bundle has a name of its own.';

create or replace function private.bundle_fields(bundle jsonb, tools_by_name boolean)
returns table (path text, value jsonb)
language sql immutable
set search_path = ''
as $$
  select private.pointer(f.key), f.value
  from jsonb_each(bundle) f
  where f.key in ('provider', 'model', 'response_format') and f.value <> 'null'
  union all
  select private.pointer(f.name, e.key), e.value
  from (values ('params'), ('variables')) as f (name) cross join lateral jsonb_each(bundle -> f.name) e
  union all
  select private.pointer('tools', private.tool_name(t)), t
  from jsonb_array_elements(case when tools_by_name then bundle -> 'tools' else '[]' end) t
  union all
  select '/tools', bundle -> 'tools' where not tools_by_name and bundle -> 'tools' <> '[]'
$$;

comment on function private.bundle_fields(jsonb, boolean) is
'One row per field of a bundle but its messages: provider, model, response_format, each parameter, variable and tool.';

create or replace function private.sided(head jsonb, sides jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  -- A side that lacks the field has no key: SQL's null is absence, JSON's null is a value.
  select head || coalesce(jsonb_object_agg(s.key, s.value -> 0) filter (where jsonb_array_length(s.value) > 0), '{}')
  from jsonb_each(sides) s
$$;

comment on function private.sided(jsonb, jsonb) is
'An object with a key per side that has a value; sides come as arrays of none or one.';

create or replace function private.one(value jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select case when value is null then '[]' else jsonb_build_array(value) end
$$;

comment on function private.one(jsonb) is 'An array with the value, or without when there is none.';

create or replace function private.tool_order(names text[], added text[]) returns text[]
language sql immutable
set search_path = ''
as $$
  select array(select n from unnest(names) with ordinality as t (n, i) where n = any (added) order by i)
    || array(select n from unnest(added) with ordinality as t (n, i) where n <> all (names) order by i)
$$;

comment on function private.tool_order(text[], text[]) is
'The order that tools have when nobody moves any: those that stay, then those that are new.';

-- ==== sql/20_functions/version_diff.sql

create or replace function private.diff_tool_order(before jsonb, after jsonb) returns setof jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('path', '/tools', 'op', 'reordered', 'from', to_jsonb(b.names), 'to', to_jsonb(a.names))
  from (select private.tool_names(before -> 'tools') as names) b
  cross join (select private.tool_names(after -> 'tools') as names) a
  where private.has_named_tools(before) and private.has_named_tools(after)
    -- Without this entry, tools that are new come last, in the order of their paths.
    and private.tool_order(b.names, array(select n from unnest(a.names) n order by private.pointer(n) collate "C")) <> a.names
$$;

comment on function private.diff_tool_order(jsonb, jsonb) is
'One entry when the tools stand in another order than the entries before it lead to; else none.';

create or replace function private.diff_objects(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(private.sided(
      jsonb_build_object('path', path, 'op',
        case when b.value is null then 'added' when a.value is null then 'removed' else 'changed' end),
      jsonb_build_object('from', private.one(b.value), 'to', private.one(a.value))) order by path collate "C"), '[]')
  from jsonb_each(before) as b (path, value) full join jsonb_each(after) as a (path, value) using (path)
  where b.value is distinct from a.value
$$;

comment on function private.diff_objects(jsonb, jsonb) is
'What differs between two objects whose keys are paths: [{path, op, from?, to?}], in the order of the paths.';

create or replace function private.diff_fields(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  with shape as (select private.has_named_tools(before) and private.has_named_tools(after) as is_named),
  fields as (
    select private.diff_objects(
      (select coalesce(jsonb_object_agg(f.path, f.value), '{}') from private.bundle_fields(before, shape.is_named) f),
      (select coalesce(jsonb_object_agg(f.path, f.value), '{}') from private.bundle_fields(after, shape.is_named) f)) as list
    from shape)
  select fields.list || coalesce((select jsonb_agg(o) from private.diff_tool_order(before, after) o), '[]') from fields
$$;

comment on function private.diff_fields(jsonb, jsonb) is 'What differs between two bundles, their messages aside.';

create or replace function private.lines(content text) returns text[]
language sql immutable
set search_path = ''
as $$
  -- A carriage return stays part of its line; a text always has a line, be it empty.
  select case when content = '' then array[''] else string_to_array(content, E'\n') end
$$;

comment on function private.lines(text) is 'The lines of a text: joined with line feeds they give it back.';

create or replace function private.words(line text) returns text[]
language sql immutable
set search_path = ''
as $$
  -- Runs of letters and digits of any script, runs of spaces, single signs; scripts without spaces go sign by sign.
  select array(
    select m.found[1] from regexp_matches(line,
      '([\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]|[^\u0001-\u002f\u003a-\u0040\u005b-\u005e\u0060\u007b-\u007f\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]+|[ \t]+|.|\n|\r)', 'g')
      with ordinality as m (found, n)
    order by m.n)
$$;

comment on function private.words(text) is 'The words, spaces and signs of a line: put together they give it back.';

create or replace function private.segments(matched integer[], other_length integer)
returns table (is_equal boolean, i_from integer, i_to integer, j_from integer, j_to integer)
language plpgsql immutable
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- No plain SQL: it would be inlined, and its arguments computed again wherever they are named.
  return query
  with anchors as (
    select i::integer, j from unnest(matched) with ordinality as m (j, i) where j is not null
    union all values (0, 0), (cardinality(matched) + 1, other_length + 1)),
  steps as (
    select i, j, lag(i) over (order by i) as last_i, lag(j) over (order by i) as last_j from anchors),
  runs as (
    select *, count(*) filter (where i - last_i > 1 or j - last_j > 1) over (order by i) as run from steps),
  found as (
    select true as is_equal, min(i) as i_from, max(i) as i_to, min(j) as j_from, max(j) as j_to
    from runs where i between 1 and cardinality(matched) group by run
    union all
    select false, last_i + 1, i - 1, last_j + 1, j - 1 from steps where i - last_i > 1 or j - last_j > 1)
  select f.is_equal, f.i_from, f.i_to, f.j_from, f.j_to from found f order by f.i_from, f.j_from;
end
$$;

comment on function private.segments(integer[], integer) is
'An alignment as runs: what is equal, and what stands between, on either side perhaps nothing.';

create or replace function private.word_hunks(before text[], after text[], matched integer[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_agg(jsonb_build_object('op', p.op, 'text', array_to_string(p.words, '')) order by s.i_from, s.j_from, p.ord)
  from private.segments(matched, cardinality(after)) s
  cross join lateral (values
    (1, case when s.is_equal then 'equal' else 'removed' end, before[s.i_from:s.i_to]),
    (2, 'added', case when s.is_equal then '{}' else after[s.j_from:s.j_to] end)) as p (ord, op, words)
  where cardinality(p.words) > 0
$$;

comment on function private.word_hunks(text[], text[], integer[]) is 'Aligned words as hunks: [{op, text}].';

create or replace function private.diff_words(before text, after text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  words_before text[] := private.words(before);
  words_after text[] := private.words(after);
begin
  return private.word_hunks(words_before, words_after, private.align(words_before, words_after));
end
$$;

comment on function private.diff_words(text, text) is 'Two lines as hunks of words: [{op, text}].';

create or replace function private.line_pair(before text, after text) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('from', before, 'to', after)
    || case when length(before) + length(after) <= 2000
      then jsonb_build_object('words', private.diff_words(before, after)) else '{}' end
$$;

comment on function private.line_pair(text, text) is 'A changed line; words are compared in lines of up to 2,000 characters.';

create or replace function private.gap_entries(
  gap_before text[], gap_after text[], i_from integer, j_from integer, word_pairs integer
) returns table (ord integer, entry jsonb)
language sql immutable
set search_path = ''
as $$
  with size as (select least(cardinality(gap_before), cardinality(gap_after)) as paired)
  select 1, jsonb_build_object('op', 'changed', 'from', i_from, 'to', j_from, 'lines', (
    select jsonb_agg(case when n <= word_pairs then private.line_pair(b, a) else jsonb_build_object('from', b, 'to', a) end
      order by n)
    from unnest(gap_before[:paired], gap_after[:paired]) with ordinality as pair (b, a, n)))
  from size where paired > 0
  union all
  select 2, jsonb_build_object('op', 'removed', 'from', i_from + paired, 'lines', to_jsonb(gap_before[paired + 1:]))
  from size where cardinality(gap_before) > paired
  union all
  select 3, jsonb_build_object('op', 'added', 'to', j_from + paired, 'lines', to_jsonb(gap_after[paired + 1:]))
  from size where cardinality(gap_after) > paired
$$;

comment on function private.gap_entries(text[], text[], integer, integer, integer) is
'What stands between equal lines: pairs that changed, then what is left over on either side.';

create or replace function private.line_hunks(before text[], after text[], matched integer[]) returns jsonb
language sql immutable
set search_path = ''
as $$
  with steps as (
    select s.*, 200 - coalesce(sum(case when s.is_equal then 0 else least(s.i_to - s.i_from, s.j_to - s.j_from) + 1 end)
      over (order by s.i_from, s.j_from rows between unbounded preceding and 1 preceding), 0)::integer as word_pairs
    from private.segments(matched, cardinality(after)) s)
  select jsonb_agg(e.entry order by s.i_from, s.j_from, e.ord)
  from steps s
  cross join lateral (
    select 0 as ord, jsonb_build_object('op', 'equal', 'from', s.i_from, 'to', s.j_from, 'count', s.i_to - s.i_from + 1) as entry
    where s.is_equal
    union all
    select g.ord, g.entry
    from private.gap_entries(before[s.i_from:s.i_to], after[s.j_from:s.j_to], s.i_from, s.j_from, s.word_pairs) g
    where not s.is_equal) as e
$$;

comment on function private.line_hunks(text[], text[], integer[]) is
'Aligned lines as [{op: equal | changed | removed | added, from, to, count or lines}]; words for the first 200 changed lines.';

create or replace function private.diff_lines(before text[], after text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return private.line_hunks(before, after, private.align(before, after));
end
$$;

comment on function private.diff_lines(text[], text[]) is 'What differs between two texts, given as lines.';

-- ==== sql/20_functions/message_diff.sql

-- Messages are a list: first it is found which message of one version is which of the other, then texts go line by line.
create or replace function private.texts_of(list jsonb, field text) returns text[]
language sql immutable
set search_path = ''
as $$
  select array(
    select coalesce((case when field is null then m.item else m.item -> field end)::text, '')
    from jsonb_array_elements(list) with ordinality as m (item, n) order by m.n)
$$;

comment on function private.texts_of(jsonb, text) is 'The items of a JSON array, or one field of each, as texts to compare.';

create or replace function private.align_messages(before jsonb, after jsonb) returns integer[]
language plpgsql immutable
set search_path = ''
as $$
declare
  matched integer[] := private.align(private.texts_of(before, null), private.texts_of(after, null));
  roles_before text[] := private.texts_of(before, 'role');
  roles_after text[] := private.texts_of(after, 'role');
  gap record;
  partner record;
begin
  for gap in select * from private.segments(matched, jsonb_array_length(after)) s where not s.is_equal loop
    for partner in
      select m.i, m.j
      from unnest(private.align(roles_before[gap.i_from:gap.i_to], roles_after[gap.j_from:gap.j_to]))
        with ordinality as m (j, i)
      where m.j is not null
    loop
      matched[gap.i_from + partner.i - 1] := gap.j_from + partner.j - 1;
    end loop;
  end loop;
  return matched;
end
$$;

comment on function private.align_messages(jsonb, jsonb) is
'Which message of one list is which of the other: equal ones, and between those the ones of the same role, in order.';

create or replace function private.is_text(value jsonb) returns boolean
language plpgsql immutable
set search_path = ''
as $$
declare
  content text := value #>> '{}';
begin
  return coalesce(jsonb_typeof(value) = 'string' and length(content) <= 500000
    and length(content) - length(replace(content, E'\n', '')) < 5000, false);
end
$$;

comment on function private.is_text(jsonb) is
'Whether a message''s content can be compared line by line: a text of at most 5,000 lines and 500,000 characters.';

create or replace function private.diff_content(before jsonb, after jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if before is not distinct from after then
    return '{}'::jsonb;
  elsif private.is_text(before) and private.is_text(after) then
    return jsonb_build_object('lines', private.diff_lines(private.lines(before #>> '{}'), private.lines(after #>> '{}')));
  end if;
  return jsonb_build_object('content', jsonb_build_object('from', before, 'to', after, 'reason',
    case when jsonb_typeof(before) = 'string' and jsonb_typeof(after) = 'string' then 'too_large' else 'no_text' end));
end
$$;

comment on function private.diff_content(jsonb, jsonb) is
'A message''s content line by line, or, where it is too large or no text, as a whole with the reason.';

create or replace function private.diff_message(before jsonb, after jsonb, i integer, j integer) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  if before = after then
    return jsonb_build_object('op', 'equal', 'from', i - 1, 'to', j - 1);
  end if;
  return jsonb_build_object('op', 'changed', 'from', i - 1, 'to', j - 1,
      'fields', private.diff_objects(private.message_fields(before), private.message_fields(after)))
    || private.diff_content(before -> 'content', after -> 'content');
end
$$;

comment on function private.diff_message(jsonb, jsonb, integer, integer) is 'One message of both versions: what changed in it.';

create or replace function private.message_fields(message jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(private.pointer(f.key), f.value), '{}')
  from jsonb_each(message) f where f.key <> 'content'
$$;

comment on function private.message_fields(jsonb) is 'What a message has beside its content, by path.';

create or replace function private.diff_messages(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  with matched as (select private.align_messages(before, after) as list),
  entries as (
    select s.i_from + k as i, s.j_from + k as j, 1 as ord,
      private.diff_message(before -> (s.i_from + k - 1), after -> (s.j_from + k - 1), s.i_from + k, s.j_from + k) as entry
    from matched cross join lateral private.segments(matched.list, jsonb_array_length(after)) s
    cross join lateral generate_series(0, s.i_to - s.i_from) k where s.is_equal
    union all
    select i, s.j_from, 2, jsonb_build_object('op', 'removed', 'from', i - 1, 'message', before -> (i - 1))
    from matched cross join lateral private.segments(matched.list, jsonb_array_length(after)) s
    cross join lateral generate_series(s.i_from, s.i_to) i where not s.is_equal
    union all
    select s.i_to + 1, j, 0, jsonb_build_object('op', 'added', 'to', j - 1, 'message', after -> (j - 1))
    from matched cross join lateral private.segments(matched.list, jsonb_array_length(after)) s
    cross join lateral generate_series(s.j_from, s.j_to) j where not s.is_equal)
  select coalesce(jsonb_agg(entry order by i, ord, j), '[]') from entries
$$;

comment on function private.diff_messages(jsonb, jsonb) is
'Two lists of messages as [{op: equal | changed | removed | added, from, to, …}]; from and to count from 0.';

create or replace function private.diff_bundles(before jsonb, after jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_object('fields', private.diff_fields(before, after),
    'messages', private.diff_messages(before -> 'messages', after -> 'messages'))
$$;

comment on function private.diff_bundles(jsonb, jsonb) is 'What differs between two bundles.';

create or replace function private.diff_versions(from_version uuid, to_version uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  before public.prompt_versions := private.require_version(from_version, workspace_id, 'workspace.read');
  after public.prompt_versions := private.require_version(to_version, before.workspace_id, 'workspace.read');
begin
  return jsonb_build_object('from', private.version_card(before), 'to', private.version_card(after),
      'is_equal', before.content_hash = after.content_hash)
    || private.diff_bundles(private.bundle(before), private.bundle(after));
end
$$;

comment on function private.diff_versions(uuid, uuid, uuid) is
E'What differs between two versions of a workspace.\nDefiner: asks once whether the caller may read here, instead of granting each step of the comparison.';

-- ==== sql/20_functions/merging.sql

-- Three-way merge. Two sides and their base: what one side alone changed is taken, what both changed alike is taken once,
-- and what they changed differently is a conflict, which has a path and waits for its resolution.
create type private.merged as (value jsonb, conflicts jsonb);

comment on type private.merged is 'A merged value (null: absent) and the conflicts that it had, resolved or not.';

create or replace function private.conflict(path text, base jsonb, ours jsonb, theirs jsonb, is_resolved boolean)
returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_build_array(private.sided(
    jsonb_build_object('path', path, 'is_resolved', is_resolved),
    jsonb_build_object('base', private.one(base), 'ours', private.one(ours), 'theirs', private.one(theirs))))
$$;

comment on function private.conflict(text, jsonb, jsonb, jsonb, boolean) is 'A list of one conflict; a side that lacks the field has no key.';

create or replace function private.check_resolution(path text, resolution jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(resolution) is distinct from 'object'
    or (select count(*) from jsonb_object_keys(resolution)) <> 1
    or not coalesce(resolution ? 'value' or resolution -> 'remove' = 'true'
      or resolution ->> 'take' in ('ours', 'theirs', 'base'), false)
  then
    perform private.fail('bad_resolution', jsonb_build_object('path', path,
      'expected', '{"take": "ours"}, {"take": "theirs"}, {"take": "base"}, {"value": …} or {"remove": true}'));
  end if;
end
$$;

comment on function private.check_resolution(text, jsonb) is 'Raises bad_resolution unless a resolution says one thing.';

create or replace function private.resolve(path text, resolution jsonb, base jsonb, ours jsonb, theirs jsonb)
returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  perform private.check_resolution(path, resolution);
  return case
    when resolution ? 'value' then resolution -> 'value'
    when resolution ->> 'take' = 'ours' then ours
    when resolution ->> 'take' = 'theirs' then theirs
    when resolution ->> 'take' = 'base' then base
  end;
end
$$;

comment on function private.resolve(text, jsonb, jsonb, jsonb, jsonb) is 'What a conflict becomes by its resolution.';

create or replace function private.merge_value(
  path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
begin
  if ours is not distinct from theirs or theirs is not distinct from base then
    return row(ours, '[]'::jsonb)::private.merged;
  elsif ours is not distinct from base then
    return row(theirs, '[]'::jsonb)::private.merged;
  elsif resolutions ? path then
    return row(private.resolve(path, resolutions -> path, base, ours, theirs),
      private.conflict(path, base, ours, theirs, true))::private.merged;
  end if;
  return row(ours, private.conflict(path, base, ours, theirs, false))::private.merged;
end
$$;

comment on function private.merge_value(text, jsonb, jsonb, jsonb, jsonb) is 'Three sides of one value, taken as a whole.';

create type private.merge_run as (
  is_same boolean, b_from integer, b_to integer, o_from integer, o_to integer, t_from integer, t_to integer
);

comment on type private.merge_run is 'A stretch of base, ours and theirs: from and to, counted from 1; whether all three are the same there.';

create or replace function private.merge_runs(ours integer[], theirs integer[], n_ours integer, n_theirs integer)
returns setof private.merge_run
language plpgsql immutable
set search_path = ''
as $$
begin
  -- As segments: not inlined.
  return query
  with anchors as (
    select m.b::integer, m.o, m.t from unnest(ours, theirs) with ordinality as m (o, t, b)
    where m.o is not null and m.t is not null
    union all values (0, 0, 0), (cardinality(ours) + 1, n_ours + 1, n_theirs + 1)),
  steps as (
    select b, o, t, lag(b) over w as lb, lag(o) over w as lo, lag(t) over w as lt from anchors window w as (order by b)),
  runs as (
    select *, count(*) filter (where b - lb > 1 or o - lo > 1 or t - lt > 1) over (order by b) as run from steps),
  found as (
    select true as is_same, min(b) as b_from, max(b), min(o) as o_from, max(o), min(t) as t_from, max(t)
    from runs where b between 1 and cardinality(ours) group by run
    union all
    select false, lb + 1, b - 1, lo + 1, o - 1, lt + 1, t - 1 from steps where b - lb > 1 or o - lo > 1 or t - lt > 1)
  select * from found f order by f.b_from, f.o_from, f.t_from;
end
$$;

comment on function private.merge_runs(integer[], integer[], integer, integer) is
'The runs of a base that both sides kept, and what stands between them on each of the three.';

create or replace function private.as_lines(path text, value jsonb) returns text[]
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(value) <> 'array' or jsonb_path_exists(value, '$[*] ? (@.type() != "string")') then
    perform private.fail('bad_resolution', jsonb_build_object('path', path, 'expected', 'an array of lines'));
  end if;
  return array(select e.line from jsonb_array_elements_text(value) with ordinality as e (line, n) order by e.n);
end
$$;

comment on function private.as_lines(text, jsonb) is 'A JSON array of texts as lines; raises bad_resolution for anything else.';

create or replace function private.merge_lines(
  path text, base text[], ours text[], theirs text[], resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  run private.merge_run;
  part private.merged;
  lines text[] := '{}'::text[];
  conflicts jsonb := '[]'::jsonb;
begin
  for run in
    select * from private.merge_runs(private.align(base, ours), private.align(base, theirs), cardinality(ours), cardinality(theirs))
  loop
    if run.is_same then
      lines := lines || base[run.b_from:run.b_to];
      continue;
    end if;
    part := private.merge_value(path || '/' || jsonb_array_length(conflicts) + 1, to_jsonb(base[run.b_from:run.b_to]),
      to_jsonb(ours[run.o_from:run.o_to]), to_jsonb(theirs[run.t_from:run.t_to]), resolutions);
    lines := lines || private.as_lines(path, coalesce(part.value, '[]'));
    conflicts := conflicts || part.conflicts;
  end loop;
  return row(to_jsonb(array_to_string(lines, E'\n')), conflicts)::private.merged;
end
$$;

comment on function private.merge_lines(text, text[], text[], text[], jsonb) is
'Three texts, line by line. Conflicts are numbered in the path, from 1.';

create or replace function private.merge_content(
  path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
begin
  if ours = theirs or ours = base or theirs = base
    or not (private.is_text(base) and private.is_text(ours) and private.is_text(theirs))
  then
    return private.merge_value(path, base, ours, theirs, resolutions);
  end if;
  return private.merge_lines(path, private.lines(base #>> '{}'), private.lines(ours #>> '{}'),
    private.lines(theirs #>> '{}'), resolutions);
end
$$;

comment on function private.merge_content(text, jsonb, jsonb, jsonb, jsonb) is
'Three contents of a message: by line where all are texts of a size that can be compared, else as a whole.';

create or replace function private.merge_objects(
  path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language sql immutable
set search_path = ''
as $$
  with fields as (
    select coalesce(b.key, o.key, t.key) as key, b.value as b, o.value as o, t.value as t
    from jsonb_each(base) as b (key, value)
    full join jsonb_each(ours) as o (key, value) on o.key = b.key
    full join jsonb_each(theirs) as t (key, value) on t.key = coalesce(b.key, o.key)),
  merged as (
    select f.key, m.value, m.conflicts
    from fields f cross join lateral private.merge_value(path || f.key, f.b, f.o, f.t, resolutions) m)
  select row(
    coalesce(jsonb_object_agg(key, value) filter (where value is not null), '{}'),
    coalesce((select jsonb_agg(c order by key collate "C")
      from merged x cross join lateral jsonb_array_elements(x.conflicts) c), '[]'))::private.merged
  from merged
$$;

comment on function private.merge_objects(text, jsonb, jsonb, jsonb, jsonb) is 'Three objects whose keys are paths, key by key.';

-- ==== sql/20_functions/merge_messages.sql

create or replace function private.slice(list jsonb, first integer, last integer) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_agg(list -> (n - 1) order by n), '[]') from generate_series(first, last) n
$$;

comment on function private.slice(jsonb, integer, integer) is 'The items of a JSON array from the first to the last, counted from 1.';

create or replace function private.merge_message(path text, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  fields private.merged := private.merge_objects(path, private.message_fields(base), private.message_fields(ours),
    private.message_fields(theirs), resolutions);
  content private.merged := private.merge_content(path || '/content', base -> 'content', ours -> 'content',
    theirs -> 'content', resolutions);
begin
  return row(private.message_of(fields.value, content.value), fields.conflicts || content.conflicts)::private.merged;
end
$$;

comment on function private.merge_message(text, jsonb, jsonb, jsonb, jsonb) is 'One message that all three sides have.';

create or replace function private.message_of(fields jsonb, content jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(private.unpointed(f.key), f.value), '{}')
    || case when content is null then '{}' else jsonb_build_object('content', content) end
  from jsonb_each(fields) f
$$;

comment on function private.message_of(jsonb, jsonb) is 'A message from its fields by path, and its content.';

create or replace function private.merge_message_run(
  run private.merge_run, base jsonb, ours jsonb, theirs jsonb, resolutions jsonb
) returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  one private.merged;
  whole private.merged := row('[]'::jsonb, '[]'::jsonb);
begin
  if not run.is_same then
    return private.merge_value(format('/messages/%s:%s', run.b_from - 1, run.b_to),
      private.slice(base, run.b_from, run.b_to), private.slice(ours, run.o_from, run.o_to),
      private.slice(theirs, run.t_from, run.t_to), resolutions);
  end if;
  for k in 0..run.b_to - run.b_from loop
    one := private.merge_message('/messages/' || run.b_from + k - 1, base -> (run.b_from + k - 1),
      ours -> (run.o_from + k - 1), theirs -> (run.t_from + k - 1), resolutions);
    whole.value := whole.value || jsonb_build_array(one.value);
    whole.conflicts := whole.conflicts || one.conflicts;
  end loop;
  return whole;
end
$$;

comment on function private.merge_message_run(private.merge_run, jsonb, jsonb, jsonb, jsonb) is
'Messages that all sides kept, one by one; or those between them, as a whole.';

create or replace function private.merge_messages(base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  run private.merge_run;
  part private.merged;
  whole private.merged := row('[]'::jsonb, '[]'::jsonb);
begin
  for run in
    select * from private.merge_runs(private.align_messages(base, ours), private.align_messages(base, theirs),
      jsonb_array_length(ours), jsonb_array_length(theirs))
  loop
    part := private.merge_message_run(run, base, ours, theirs, resolutions);
    if jsonb_typeof(coalesce(part.value, '[]')) <> 'array' then
      perform private.fail('bad_resolution', jsonb_build_object(
        'path', format('/messages/%s:%s', run.b_from - 1, run.b_to), 'expected', 'an array of messages'));
    end if;
    whole.value := whole.value || coalesce(part.value, '[]');
    whole.conflicts := whole.conflicts || part.conflicts;
  end loop;
  return whole;
end
$$;

comment on function private.merge_messages(jsonb, jsonb, jsonb, jsonb) is
'Three lists of messages: those that all sides have are merged one by one, others come and go as a whole.';

-- ==== sql/20_functions/merge_bundles.sql

create or replace function private.fields_by_path(bundle jsonb, tools_by_name boolean) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(f.path, f.value), '{}') from private.bundle_fields(bundle, tools_by_name) f
$$;

comment on function private.fields_by_path(jsonb, boolean) is 'The fields of a bundle but its messages, as one object by path.';

create or replace function private.under(fields jsonb, name text) returns jsonb
language sql immutable
set search_path = ''
as $$
  select coalesce(jsonb_object_agg(private.unpointed(f.key), f.value), '{}')
  from jsonb_each(fields) f where starts_with(f.key, '/' || name || '/')
$$;

comment on function private.under(jsonb, text) is 'The fields under a name, as an object of their own.';

create or replace function private.merge_tool_order(base text[], ours text[], theirs text[], present text[])
returns text[]
language plpgsql immutable
set search_path = ''
as $$
declare
  common text[] := array(select n from unnest(base) n where n = any (ours) and n = any (theirs));
  kept_ours text[] := private.tool_order(ours, common);
  kept_theirs text[] := private.tool_order(theirs, common);
  chosen text[];
begin
  if ours = base or ours = theirs then
    chosen := theirs;
  elsif theirs = base then
    chosen := ours;
  elsif kept_ours = common or kept_ours = kept_theirs then
    chosen := kept_theirs;
  elsif kept_theirs = common then
    chosen := kept_ours;
  else
    return null;
  end if;
  -- What both sides added has no order between them: by name, so that it does not matter which side is ours.
  return private.tool_order(chosen, array(select n from unnest(present) n order by n collate "C"));
end
$$;

comment on function private.merge_tool_order(text[], text[], text[], text[]) is
'The order of merged tools: that of the side that moved them; null when both did, differently.';

create or replace function private.merge_order(base jsonb, ours jsonb, theirs jsonb, present text[], resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  names_base text[] := private.tool_names(base -> 'tools');
  names_ours text[] := private.tool_names(ours -> 'tools');
  names_theirs text[] := private.tool_names(theirs -> 'tools');
  merged_order text[] := private.merge_tool_order(names_base, names_ours, names_theirs, present);
  choice private.merged;
begin
  if merged_order is not null then
    return row(to_jsonb(merged_order), '[]'::jsonb)::private.merged;
  end if;
  choice := private.merge_value('/tools', to_jsonb(names_base), to_jsonb(names_ours), to_jsonb(names_theirs), resolutions);
  choice.value := to_jsonb(private.tool_order(private.as_lines('/tools', coalesce(choice.value, '[]')),
    array(select n from unnest(present) n order by n collate "C")));
  return choice;
end
$$;

comment on function private.merge_order(jsonb, jsonb, jsonb, text[], jsonb) is 'As merge_tool_order, with the conflict.';

create or replace function private.merge_fields(base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  by_name boolean := private.has_named_tools(base) and private.has_named_tools(ours) and private.has_named_tools(theirs);
  whole private.merged := private.merge_objects('', private.fields_by_path(base, by_name),
    private.fields_by_path(ours, by_name), private.fields_by_path(theirs, by_name), resolutions);
  tools jsonb := private.under(whole.value, 'tools');
  tool_order private.merged;
begin
  if by_name then
    tool_order := private.merge_order(base, ours, theirs, array(select jsonb_object_keys(tools)), resolutions);
    whole.conflicts := whole.conflicts || tool_order.conflicts;
    tools := (select coalesce(jsonb_agg(tools -> e.name order by e.n), '[]')
      from jsonb_array_elements_text(tool_order.value) with ordinality as e (name, n));
  end if;
  whole.value := jsonb_build_object(
    'provider', whole.value -> '/provider', 'model', whole.value -> '/model',
    'response_format', whole.value -> '/response_format', 'params', private.under(whole.value, 'params'),
    'variables', private.under(whole.value, 'variables'),
    'tools', case when by_name then tools else coalesce(whole.value -> '/tools', '[]') end);
  return whole;
end
$$;

comment on function private.merge_fields(jsonb, jsonb, jsonb, jsonb) is 'Three bundles field by field, their messages aside.';

create or replace function private.merge_bundles(base jsonb, ours jsonb, theirs jsonb, resolutions jsonb)
returns private.merged
language plpgsql immutable
set search_path = ''
as $$
declare
  fields private.merged := private.merge_fields(base, ours, theirs, resolutions);
  messages private.merged := private.merge_messages(base -> 'messages', ours -> 'messages', theirs -> 'messages', resolutions);
begin
  return row(fields.value || jsonb_build_object('messages', messages.value),
    fields.conflicts || messages.conflicts)::private.merged;
end
$$;

comment on function private.merge_bundles(jsonb, jsonb, jsonb, jsonb) is
'Three bundles: the merged one, and every conflict that they had.';

-- ==== sql/20_functions/branches.sql

create or replace function private.find_branch(prompt_id uuid, name text) returns public.branches
language plpgsql stable
set search_path = ''
as $$
declare
  line public.branches;
begin
  select b.* into line from public.branches b
  where b.prompt_id = find_branch.prompt_id and b.name = find_branch.name and b.deleted_at is null;
  if line.id is null then
    perform private.fail('unknown_branch', jsonb_build_object('branch', name));
  end if;
  return line;
end
$$;

comment on function private.find_branch(uuid, text) is 'The living branch of a prompt by its name; raises unknown_branch.';

create or replace function private.ancestry(version_id uuid) returns setof uuid
language sql stable rows 100
set search_path = ''
as $$
  with recursive line as (
    select version_id as id
    union
    select parent.id
    from line
    join public.prompt_versions v on v.id = line.id
    cross join lateral (values (v.parent_version_id), (v.merged_version_id)) as parent (id)
    where parent.id is not null
  )
  select id from line where id is not null
$$;

comment on function private.ancestry(uuid) is 'A version and all that it came from, over both parents of merges.';

create or replace function private.branch_start(prompt_id uuid, from_version uuid, from_branch text) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if from_version is null then
    return (private.find_branch(prompt_id, coalesce(from_branch, 'main'))).head_version_id;
  elsif from_branch is not null then
    perform private.fail('bad_argument', '{"argument": "from_branch", "expected": "left out where from_version is given"}');
  elsif not exists (
    select from public.prompt_versions v where v.id = from_version and v.prompt_id = branch_start.prompt_id
  ) then
    perform private.fail('unknown_version', jsonb_build_object('version_id', from_version));
  end if;
  return from_version;
end
$$;

comment on function private.branch_start(uuid, uuid, text) is
'Where a new branch begins: at a version of its prompt, or at the head of another branch.';

create or replace function private.create_branch(
  prompt_id uuid, name text, from_version uuid, from_branch text, workspace_id uuid
) returns public.branches
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.lock_prompt(prompt_id, 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id), workspace_id);
  start uuid := private.branch_start(prompt_id, from_version, from_branch);
  line public.branches;
begin
  perform private.require_name('name', name);
  select b.* into line from public.branches b
  where b.prompt_id = create_branch.prompt_id and b.name = create_branch.name and b.deleted_at is null;
  if line.id is null then
    insert into public.branches (workspace_id, prompt_id, name, head_version_id)
    values (tenant, prompt_id, name, start) returning * into line;
  elsif line.head_version_id is distinct from start then
    perform private.fail('branch_exists', jsonb_build_object('branch', name));
  end if;
  return line;
end
$$;

comment on function private.create_branch(uuid, text, uuid, text, uuid) is
E'Adds a branch at a version or at another branch''s head.\nDefiner: holds the prompt''s lock, so that the branch begins where the other stood at one moment.';

create or replace function private.rename_branch(prompt_id uuid, branch text, new_name text, workspace_id uuid)
returns public.branches
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  line public.branches := private.lock_branch(prompt_id, branch, null, workspace_id);
begin
  perform private.require_name('new_name', new_name);
  if new_name <> branch and exists (
    select from public.branches b where b.prompt_id = rename_branch.prompt_id and b.name = new_name and b.deleted_at is null
  ) then
    perform private.fail('branch_exists', jsonb_build_object('branch', new_name));
  end if;
  update public.branches b set name = new_name where b.id = line.id returning b.* into line;
  return line;
end
$$;

comment on function private.rename_branch(uuid, text, text, uuid) is
E'Gives a branch another name.\nDefiner: as create_branch.';

create or replace function private.is_kept(line public.branches) returns boolean
language sql stable
set search_path = ''
as $$
  select (line).head_version_id is null
    or exists (
      select from public.branches b cross join lateral private.ancestry(b.head_version_id) as a (id)
      where b.prompt_id = (line).prompt_id and b.id <> (line).id and b.deleted_at is null
        and a.id = (line).head_version_id)
    or exists (
      select from public.tags t cross join lateral private.ancestry(t.version_id) as a (id)
      where t.prompt_id = (line).prompt_id and a.id = (line).head_version_id)
$$;

comment on function private.is_kept(public.branches) is
'Whether another branch or a tag leads to all of a branch''s versions, so that nothing is lost from sight without it.';

create or replace function private.delete_branch(
  prompt_id uuid, branch text, expected_head uuid, even_unmerged boolean, workspace_id uuid
) returns public.branches
language plpgsql security definer
set search_path = ''
as $$
declare
  line public.branches := private.lock_branch(prompt_id, branch, null, workspace_id);
begin
  if branch = 'main' then
    perform private.fail('main_stays');
  elsif line.head_version_id is distinct from expected_head then
    perform private.fail('stale_head', jsonb_build_object('branch', branch, 'head_version_id', line.head_version_id));
  elsif not coalesce(even_unmerged, false) and not private.is_kept(line) then
    perform private.fail('branch_unmerged', jsonb_build_object('branch', branch));
  end if;
  update public.branches b set deleted_at = private.now() where b.id = line.id returning b.* into line;
  return line;
end
$$;

comment on function private.delete_branch(uuid, text, uuid, boolean, uuid) is
E'Marks a branch as deleted by compare-and-swap; its versions stay.\nDefiner: nobody may write deleted_at by hand.';

-- ==== sql/20_functions/version_log.sql

create type private.version_log_row as (
  version_id uuid, number integer, branch text, parent_version_id uuid, merged_version_id uuid,
  forked_from_version_id uuid, template_version_id uuid, message text, author uuid, committed_at timestamptz,
  content_hash text, tags text[], changed text[]
);

comment on type private.version_log_row is 'One version in the history of a branch.';

create or replace function private.changed_fields(version public.prompt_versions) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  before public.prompt_versions;
begin
  select p.* into before from public.prompt_versions p
  where p.id = coalesce(version.parent_version_id, version.forked_from_version_id);
  if before.id is null then
    return null;
  end if;
  return array(
    select f.change ->> 'path'
    from jsonb_array_elements(private.diff_fields(private.bundle(before), private.bundle(version)))
      with ordinality as f (change, n)
    order by f.n)
    || array(select '/messages' where before.messages is distinct from version.messages);
end
$$;

comment on function private.changed_fields(public.prompt_versions) is
'The paths that differ from the first parent, or from the version that was forked; null for a first version.';

create or replace function private.log_row(version public.prompt_versions) returns private.version_log_row
language sql stable
set search_path = ''
as $$
  select row(
    version.id, version.number, (select b.name from public.branches b where b.id = version.branch_id),
    version.parent_version_id, version.merged_version_id, version.forked_from_version_id, version.template_version_id,
    version.message, version.created_by, version.created_at, version.content_hash,
    array(select t.name from public.tags t
      where t.workspace_id = version.workspace_id and t.prompt_id = version.prompt_id and t.version_id = version.id
      order by t.name),
    private.changed_fields(version))::private.version_log_row
$$;

comment on function private.log_row(public.prompt_versions) is 'A version as version_log shows it.';

create or replace function private.version_log(
  prompt_id uuid, branch text, page_size integer, before_number integer, workspace_id uuid
) returns setof private.version_log_row
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  head uuid;
begin
  perform private.authorise_row((select p.workspace_id from public.prompts p where p.id = prompt_id), workspace_id,
    'workspace.read', 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id));
  if page_size is null or page_size not between 1 and 200 then
    perform private.fail('bad_argument', '{"argument": "page_size", "expected": "a number from 1 to 200"}');
  end if;
  head := (private.find_branch(prompt_id, branch)).head_version_id;
  return query
  select l.*
  from (
    select v as version from public.prompt_versions v
    where v.id in (select private.ancestry(head)) and (before_number is null or v.number < before_number)
    order by v.number desc limit page_size) as page
  cross join lateral private.log_row(page.version) l
  order by l.number desc;
end
$$;

comment on function private.version_log(uuid, text, integer, integer, uuid) is
E'The history of a branch over both parents of merges, newest first.\nDefiner: as diff_versions.';

-- ==== sql/20_functions/merge_branch.sql

create or replace function private.merge_base(ours uuid, theirs uuid) returns uuid
language sql stable
set search_path = ''
as $$
  -- Numbers grow along every line of parents: of the common ancestors, the one with the highest is nobody's ancestor.
  select v.id from public.prompt_versions v
  where v.id in (select private.ancestry(ours)) and v.id in (select private.ancestry(theirs))
  order by v.number desc limit 1
$$;

comment on function private.merge_base(uuid, uuid) is
'The newest version that both come from; where histories cross, always the same one; null when they have none.';

create or replace function private.empty_bundle() returns jsonb
language sql immutable
set search_path = ''
return '{"messages": [], "variables": {}, "params": {}, "tools": []}'::jsonb;

comment on function private.empty_bundle() is 'The base of two histories that have nothing in common.';

create or replace function private.bundle_of(version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce((select private.bundle(v) from public.prompt_versions v where v.id = version_id), private.empty_bundle())
$$;

comment on function private.bundle_of(uuid) is 'The bundle of a version; the empty one for none.';

create or replace function private.card_of(version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select private.version_card(v) from public.prompt_versions v where v.id = version_id
$$;

comment on function private.card_of(uuid) is 'What identifies a version, by its id.';

create or replace function private.check_resolutions(
  resolutions jsonb, expected_head uuid, expected_source_head uuid
) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  if jsonb_typeof(resolutions) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "resolutions", "expected": "an object of path to resolution"}');
  elsif resolutions <> '{}' and (expected_head is null or expected_source_head is null) then
    perform private.fail('bad_argument', '{"argument": "expected_head", "expected": "named, and expected_source_head too: resolutions belong to the two heads that they were made for"}');
  end if;
end
$$;

comment on function private.check_resolutions(jsonb, uuid, uuid) is
'Raises bad_argument for resolutions that do not say for which heads they were made.';

create or replace function private.require_conflicts(resolutions jsonb, conflicts jsonb) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  stray text := (select min(k collate "C") from jsonb_object_keys(resolutions) k
    where not exists (select from jsonb_array_elements(conflicts) c where c ->> 'path' = k));
begin
  if stray is not null then
    perform private.fail('bad_resolution', jsonb_build_object('path', stray, 'expected', 'the path of a conflict of this merge'));
  end if;
end
$$;

comment on function private.require_conflicts(jsonb, jsonb) is 'Raises bad_resolution for a resolution of no conflict.';

create or replace function private.merge_answer(
  status text, base uuid, ours public.branches, theirs public.branches, version_id uuid, conflicts jsonb
) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'status', status, 'source', theirs.name, 'target', ours.name, 'base', private.card_of(base),
    'ours', private.card_of(ours.head_version_id), 'theirs', private.card_of(theirs.head_version_id),
    'version', private.card_of(version_id), 'conflicts', coalesce((
      select jsonb_agg(c.item - 'is_resolved' order by c.n) from jsonb_array_elements(conflicts) with ordinality as c (item, n)
      where c.item -> 'is_resolved' = 'false'), '[]'))
$$;

comment on function private.merge_answer(text, uuid, public.branches, public.branches, uuid, jsonb) is
'What merge_branch returns: how it ended, between which versions, and the conflicts that are still open.';

create or replace function private.commit_merge(
  ours public.branches, theirs public.branches, bundle jsonb, message text
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  draft public.prompt_versions := jsonb_populate_record(null::public.prompt_versions, bundle);
begin
  perform private.check_bundle(draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools,
    draft.response_format);
  draft.merged_version_id := theirs.head_version_id;
  draft.message := coalesce(nullif(message, ''), format('Merge %s into %s', theirs.name, ours.name));
  return (private.add_version(ours, draft)).id;
end
$$;

comment on function private.commit_merge(public.branches, public.branches, jsonb, text) is
'Adds a version with two parents to a locked branch.';

create or replace function private.merge_heads(
  ours public.branches, theirs public.branches, base uuid, resolutions jsonb, message text
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  merged private.merged := private.merge_bundles(private.bundle_of(base), private.bundle_of(ours.head_version_id),
    private.bundle_of(theirs.head_version_id), resolutions);
  made uuid;
begin
  perform private.require_conflicts(resolutions, merged.conflicts);
  if merged.conflicts @> '[{"is_resolved": false}]' then
    return private.merge_answer('conflicts', base, ours, theirs, null, merged.conflicts);
  end if;
  made := private.commit_merge(ours, theirs, merged.value, message);
  return private.merge_answer('merged', base, ours, theirs, made, '[]');
end
$$;

comment on function private.merge_heads(public.branches, public.branches, uuid, jsonb, text) is
'Merges two heads that have both moved since their base, or says what stands against it.';

create or replace function private.forward(ours public.branches, theirs public.branches) returns jsonb
language plpgsql
set search_path = ''
as $$
begin
  update public.branches b set head_version_id = theirs.head_version_id where b.id = ours.id;
  return private.merge_answer('fast_forward', ours.head_version_id, ours, theirs, theirs.head_version_id, '[]');
end
$$;

comment on function private.forward(public.branches, public.branches) is
'Moves a branch that has nothing of its own to where the other stands: no new version is needed.';

create or replace function private.merge_branch(
  prompt_id uuid, source text, target text, expected_head uuid, expected_source_head uuid, resolutions jsonb,
  message text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  ours public.branches := private.lock_branch(prompt_id, target, expected_head, workspace_id);
  theirs public.branches := private.lock_branch(prompt_id, source, expected_source_head, workspace_id);
  base uuid := private.merge_base(ours.head_version_id, theirs.head_version_id);
begin
  perform private.check_resolutions(resolutions, expected_head, expected_source_head);
  if theirs.head_version_id is null then
    perform private.fail('branch_empty', jsonb_build_object('branch', source));
  elsif base = theirs.head_version_id then
    perform private.fail('already_merged', jsonb_build_object('source', source, 'target', target));
  elsif ours.head_version_id is null or base = ours.head_version_id then
    return private.forward(ours, theirs);
  end if;
  return private.merge_heads(ours, theirs, base, resolutions, message);
end
$$;

comment on function private.merge_branch(uuid, text, text, uuid, uuid, jsonb, text, uuid) is
E'Merges one branch of a prompt into another.\nDefiner: as commit_version.';

-- ==== sql/20_functions/forks.sql

create or replace function private.render_version(version_id uuid, given jsonb, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  version public.prompt_versions := private.require_version(version_id, workspace_id, 'workspace.read');
begin
  return private.bundle(version) - 'variables' || jsonb_build_object(
    'version_id', version.id, 'content_hash', version.content_hash,
    'messages', private.render_messages(version.messages, version.variables, given));
end
$$;

comment on function private.render_version(uuid, jsonb, uuid) is
E'Fills a version.\nDefiner: as diff_versions.';

create or replace function private.fork_source(version_id uuid, prompt_id uuid, requested uuid)
returns public.prompt_versions
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_variable
begin
  if (version_id is null) = (prompt_id is null) then
    perform private.fail('bad_argument', '{"argument": "version_id", "expected": "given, or prompt_id instead of it"}');
  elsif version_id is not null then
    return private.require_version(version_id, requested, 'prompts.write');
  end if;
  perform private.authorise_row((select p.workspace_id from public.prompts p where p.id = prompt_id), requested,
    'prompts.write', 'unknown_prompt', jsonb_build_object('prompt_id', prompt_id));
  return (select v from public.prompt_versions v where v.id = (private.find_branch(prompt_id, 'main')).head_version_id);
end
$$;

comment on function private.fork_source(uuid, uuid, uuid) is
'The version to copy: the one named, or the head of the prompt''s main; raises unless the caller may change prompts there.';

create or replace function private.fork_place(source public.prompts, capability text, action text)
returns public.prompts
language plpgsql stable
set search_path = ''
as $$
declare
  place public.prompts := source;
begin
  if capability is not null then
    place.capability_id := (select c.id from public.capabilities c
      where c.workspace_id = source.workspace_id and c.key = capability);
    place.action_id := null;
  end if;
  if place.capability_id is null then
    perform private.fail('unknown_capability', jsonb_build_object('capability', capability));
  elsif action is not null then
    place.action_id := (select a.id from public.actions a where a.capability_id = place.capability_id and a.key = action);
    if place.action_id is null then
      perform private.fail('unknown_action', jsonb_build_object('action', action));
    end if;
  end if;
  return place;
end
$$;

comment on function private.fork_place(public.prompts, text, text) is
'The source prompt with the capability and action of its fork: those named, or its own.';

create or replace function private.copy_version(source public.prompt_versions, line public.branches, message text)
returns public.prompt_versions
language plpgsql
set search_path = ''
as $$
declare
  draft public.prompt_versions := source;
begin
  draft.forked_from_version_id := source.id;
  draft.merged_version_id := null;
  draft.message := coalesce(nullif(message, ''), format('Forked from version %s', source.number));
  return private.add_version(line, draft);
end
$$;

comment on function private.copy_version(public.prompt_versions, public.branches, text) is
'The first version of a fork: the same bundle, and where it came from.';

create or replace function private.made_fork(tenant uuid, key text, source_id uuid) returns public.prompts
language plpgsql stable
set search_path = ''
as $$
declare
  held public.prompts;
begin
  select p.* into held from public.prompts p where p.workspace_id = tenant and p.key = made_fork.key;
  if held.id is not null and not exists (
    select from public.prompt_versions v
    where v.workspace_id = tenant and v.prompt_id = held.id and v.forked_from_version_id = source_id
  ) then
    perform private.fail('key_taken', jsonb_build_object('key', key));
  end if;
  return held;
end
$$;

comment on function private.made_fork(uuid, text, uuid) is
'The fork that an earlier call made under this key; raises when the key belongs to another prompt.';

create or replace function private.fork_prompt(
  key text, name text, version_id uuid, prompt_id uuid, capability text, action text, message text, workspace_id uuid
) returns public.prompts
language plpgsql security definer
set search_path = ''
as $$
declare
  source public.prompt_versions := private.fork_source(version_id, prompt_id, workspace_id);
  place public.prompts;
  made public.prompts;
  line public.branches;
begin
  if source.id is null then
    perform private.fail('branch_empty', '{"branch": "main"}');
  end if;
  perform private.require_text('name', name, 200);
  perform pg_advisory_xact_lock(hashtextextended('prompt:' || source.workspace_id || key, 0));
  made := private.made_fork(source.workspace_id, key, source.id);
  if made.id is null then
    select p.* into place from public.prompts p where p.id = source.prompt_id;
    place := private.fork_place(place, capability, action);
    insert into public.prompts (workspace_id, key, name, capability_id, action_id)
    values (source.workspace_id, key, name, place.capability_id, place.action_id) returning * into made;
    select b.* into strict line from public.branches b where b.prompt_id = made.id;
    perform private.copy_version(source, line, message);
  end if;
  return made;
end
$$;

comment on function private.fork_prompt(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a prompt that begins as a copy of a version.\nDefiner: as commit_version.';

-- ==== sql/20_functions/prompt_templates.sql

create or replace function private.lock_template(template_id uuid, expected_head uuid, requested uuid)
returns public.prompt_templates
language plpgsql
set search_path = ''
as $$
declare
  template public.prompt_templates;
  owner uuid := (select t.workspace_id from public.prompt_templates t where t.id = lock_template.template_id);
begin
  perform private.authorise_row(owner, requested, 'templates.write', 'unknown_template',
    jsonb_build_object('template_id', template_id));
  select t.* into template from public.prompt_templates t where t.id = template_id for no key update;
  if expected_head is not null and expected_head is distinct from template.head_version_id then
    perform private.fail('stale_template', jsonb_build_object(
      'template', template.key, 'head_version_id', template.head_version_id));
  end if;
  return template;
end
$$;

comment on function private.lock_template(uuid, uuid, uuid) is
'A template that the caller may change, locked; raises for a stranger, or when its head has moved.';

create or replace function private.check_template(draft public.prompt_template_versions) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.check_bundle(draft.messages, draft.variables, coalesce(draft.provider, 'open'),
    coalesce(draft.model, 'open'), draft.params, draft.tools, draft.response_format);
end
$$;

comment on function private.check_template(public.prompt_template_versions) is
'As check_bundle; a template may leave provider and model open.';

create or replace function private.add_template_version(
  template public.prompt_templates, draft public.prompt_template_versions
) returns public.prompt_template_versions
language plpgsql
set search_path = ''
as $$
declare
  made public.prompt_template_versions;
begin
  insert into public.prompt_template_versions (workspace_id, template_id, number,
    messages, variables, provider, model, params, tools, response_format, message, created_by)
  select template.workspace_id, template.id, coalesce(max(v.number), 0) + 1,
    draft.messages, draft.variables, draft.provider, draft.model, draft.params, draft.tools, draft.response_format,
    coalesce(draft.message, ''), auth.uid()
  from public.prompt_template_versions v where v.template_id = template.id
  returning * into made;
  update public.prompt_templates t set head_version_id = made.id where t.id = template.id;
  return made;
end
$$;

comment on function private.add_template_version(public.prompt_templates, public.prompt_template_versions) is
'Numbers a draft and makes it the head of its locked template.';

create or replace function private.commit_template_version(
  template_id uuid, messages jsonb, variables jsonb, provider text, model text, params jsonb, tools jsonb,
  response_format jsonb, message text, expected_head uuid, workspace_id uuid
) returns public.prompt_template_versions
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  template public.prompt_templates := private.lock_template(template_id, expected_head, workspace_id);
  draft public.prompt_template_versions;
begin
  draft.messages := messages;
  draft.variables := variables;
  draft.provider := provider;
  draft.model := model;
  draft.params := params;
  draft.tools := tools;
  draft.response_format := response_format;
  draft.message := message;
  perform private.check_template(draft);
  if exists (
    select from public.prompt_template_versions v where v.id = template.head_version_id
      and v.content_hash = private.bundle_hash(messages, variables, provider, model, params, tools, response_format)
  ) then
    perform private.fail('nothing_changed', jsonb_build_object('branch', template.key, 'version_id', template.head_version_id));
  end if;
  return private.add_template_version(template, draft);
end
$$;

comment on function private.commit_template_version(uuid, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid) is
E'Adds a version to a template.\nDefiner: template versions are immutable, so nobody may insert or number them by hand.';

create or replace function private.require_template_version(template_version_id uuid, tenant uuid)
returns public.prompt_template_versions
language plpgsql stable
set search_path = ''
as $$
declare
  origin public.prompt_template_versions;
begin
  select t.* into origin from public.prompt_template_versions t
  where t.id = template_version_id and t.workspace_id = tenant;
  if origin.id is null then
    perform private.fail('unknown_template_version', jsonb_build_object('template_version_id', template_version_id));
  end if;
  return origin;
end
$$;

comment on function private.require_template_version(uuid, uuid) is 'A template version of a workspace; raises for any other.';

create or replace function private.with_defaults(variables jsonb, chosen jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_typeof(chosen) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "defaults", "expected": "an object of name to value"}');
  end if;
  -- What is chosen becomes a default: the text stays the template's, and no value is ever read as a template.
  perform private.variable_texts(
    (select coalesce(jsonb_object_agg(d.key, d.value), '{}') from jsonb_each(variables) d where chosen ? d.key), chosen);
  return variables || (
    select coalesce(jsonb_object_agg(c.key, (variables -> c.key) || jsonb_build_object('default', c.value)), '{}')
    from jsonb_each(chosen) c);
end
$$;

comment on function private.with_defaults(jsonb, jsonb) is
'The variables of a template with chosen values as defaults; raises for a value that does not fit.';

create or replace function private.template_draft(
  origin public.prompt_template_versions, chosen jsonb, provider text, model text, params jsonb, message text
) returns public.prompt_versions
language plpgsql stable
set search_path = ''
as $$
declare
  draft public.prompt_versions;
begin
  draft.messages := origin.messages;
  draft.variables := private.with_defaults(origin.variables, chosen);
  draft.provider := coalesce(provider, origin.provider);
  draft.model := coalesce(model, origin.model);
  draft.params := origin.params || coalesce(params, '{}');
  draft.tools := origin.tools;
  draft.response_format := origin.response_format;
  draft.message := message;
  draft.template_version_id := origin.id;
  return draft;
end
$$;

comment on function private.template_draft(public.prompt_template_versions, jsonb, text, text, jsonb, text) is
'What a prompt version begins with when it is made from a template.';

create or replace function private.create_version_from_template(
  prompt_id uuid, template_version_id uuid, branch text, chosen jsonb, provider text, model text, params jsonb,
  message text, expected_head uuid, workspace_id uuid
) returns public.prompt_versions
language plpgsql security definer
set search_path = ''
as $$
declare
  line public.branches := private.lock_branch(prompt_id, branch, expected_head, workspace_id);
  origin public.prompt_template_versions := private.require_template_version(template_version_id, line.workspace_id);
begin
  return private.commit_draft(line, private.template_draft(origin, chosen, provider, model, params, message));
end
$$;

comment on function private.create_version_from_template(uuid, uuid, text, jsonb, text, text, jsonb, text, uuid, uuid) is
E'Commits a version that a template version gives.\nDefiner: as commit_version.';

create or replace function private.render_template_version(template_version_id uuid, given jsonb, workspace_id uuid)
returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  origin public.prompt_template_versions;
begin
  select t.* into origin from public.prompt_template_versions t where t.id = template_version_id;
  perform private.authorise_row(origin.workspace_id, workspace_id, 'workspace.read', 'unknown_template_version',
    jsonb_build_object('template_version_id', template_version_id));
  return jsonb_build_object('template_version_id', origin.id, 'content_hash', origin.content_hash,
    'provider', origin.provider, 'model', origin.model, 'params', origin.params, 'tools', origin.tools,
    'response_format', origin.response_format,
    'messages', private.render_messages(origin.messages, origin.variables, given));
end
$$;

comment on function private.render_template_version(uuid, jsonb, uuid) is
E'Fills a template version.\nDefiner: as render_version.';

-- ==== sql/20_functions/lineage.sql

create or replace function private.lineage_of(inference_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'workspace.read');
  call public.inferences;
  version public.prompt_versions;
begin
  select i.* into call from public.inferences i where i.workspace_id = tenant and i.id = inference_id;
  if call.id is null then
    perform private.fail('unknown_inference', jsonb_build_object('inference_id', inference_id));
  end if;
  perform private.require_environment(call.environment_id);
  select v.* into version from public.prompt_versions v where v.id = call.prompt_version_id and v.workspace_id = tenant;
  return jsonb_build_object(
    'inference_id', call.id, 'started_at', call.started_at,
    'experiment_id', call.experiment_id, 'variant_id', call.variant_id,
    'deployment', private.deployment_behind(call),
    'version', private.version_card(version), 'forked_from_version_id', version.forked_from_version_id,
    'template', private.template_card(version.template_version_id));
end
$$;

comment on function private.lineage_of(uuid, uuid) is
E'What one call of a model came from.\nDefiner: as diff_versions.';

create or replace function private.template_card(template_version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('template_id', t.id, 'key', t.key, 'version_id', v.id, 'number', v.number)
  from public.prompt_template_versions v join public.prompt_templates t on t.id = v.template_id
  where v.id = template_version_id
$$;

comment on function private.template_card(uuid) is 'What identifies a template version; null for none.';

create or replace function private.deployment_behind(call public.inferences) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object('id', d.id, 'number', d.number, 'kind', d.kind, 'live_since', d.created_at)
  from public.deployments d
  where d.workspace_id = (call).workspace_id and d.prompt_version_id = (call).prompt_version_id
    and d.environment_id = (call).environment_id and d.capability_id = (call).capability_id
    and (d.action_id is null or d.action_id = (call).action_id)
    and (d.intent_id is null or d.intent_id = (call).intent_id)
    and d.created_at <= (call).started_at
  order by (d.action_id is not null)::integer + (d.intent_id is not null)::integer desc, d.created_at desc, d.id desc
  limit 1
$$;

comment on function private.deployment_behind(public.inferences) is
'The last deployment of the version in the call''s scope before the call; null when an experiment brought it alone.';

-- ==== sql/20_functions/changes.sql

-- plpgsql, also where one query would do: a session keeps its plans, and a rollback should not wait for planning.
create or replace function private.log_change(entry public.changes) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.changes (
    workspace_id, kind, environment_id, capability_id, action_id, intent_id, experiment_id, variant_id, deployment_id,
    summary, detail, actor_kind, actor_id)
  values (
    (entry).workspace_id, (entry).kind, (entry).environment_id, (entry).capability_id, (entry).action_id,
    (entry).intent_id, (entry).experiment_id, (entry).variant_id, (entry).deployment_id,
    (entry).summary, coalesce((entry).detail, '{}'), private.actor_kind(), private.actor_id());
end
$$;

comment on function private.log_change(public.changes) is 'Appends a row to the ledger; the actor and the time are the transaction''s.';

create or replace function private.scope_words(
  environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid
) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return concat_ws(' / ',
    (select t.key from public.environments t where t.id = scope_words.environment_id),
    (select t.key from public.capabilities t where t.id = scope_words.capability_id),
    (select t.key from public.actions t where t.id = scope_words.action_id),
    (select 'intent ' || t.key from public.intents t where t.id = scope_words.intent_id));
end
$$;

comment on function private.scope_words(uuid, uuid, uuid, uuid) is 'A scope for people: production / BookAppointment / UserLookup.';

create or replace function private.version_words(version_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select format('%s v%s', p.key, v.number)
    from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
    where v.id = version_words.version_id);
end
$$;

comment on function private.version_words(uuid) is 'A version for people: booking v3.';

-- ==== sql/20_functions/deployments.sql

create or replace function private.own_head(scope private.scope) returns private.deployment_heads
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  select h.* into head from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and h.action_id is not distinct from scope.action_id
    and h.intent_id is not distinct from scope.intent_id;
  return head;
end
$$;

comment on function private.own_head(private.scope) is 'The last move of exactly this scope; its version is null when the scope was given back.';

create or replace function private.wider_head(scope private.scope) returns private.deployment_heads
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads;
begin
  select h.* into head
  from private.deployment_heads h
  where h.environment_id = scope.environment_id
    and h.capability_id = scope.capability_id
    and (h.action_id is null or h.action_id = scope.action_id)
    and (h.intent_id is null or h.intent_id = scope.intent_id)
    and (h.action_id, h.intent_id) is distinct from (scope.action_id, scope.intent_id)
    and h.prompt_version_id is not null
  order by (h.action_id is not null) desc, (h.intent_id is not null) desc
  limit 1;
  return head;
end
$$;

comment on function private.wider_head(private.scope) is 'What would answer the calls of a scope if nothing were live at the scope itself.';

create or replace function private.capability_key(scope private.scope) returns bigint
language plpgsql immutable
set search_path = ''
as $$
begin
  return hashtextextended('capability:' || scope.environment_id || ':' || scope.capability_id, 0);
end
$$;

comment on function private.capability_key(private.scope) is
'The advisory lock of a capability in an environment: moves of a pointer share it, a ramp''s moves hold it alone.';

create or replace function private.scope_head(scope private.scope) returns private.deployment_heads
language plpgsql
set search_path = ''
as $$
begin
  -- The locks, not the row, are the gate: a scope's first publish has no row yet.
  perform pg_advisory_xact_lock_shared(private.capability_key(scope));
  perform pg_advisory_xact_lock(hashtextextended('deployment:' || scope::text, 0));
  return private.own_head(scope);
end
$$;

comment on function private.scope_head(private.scope) is
'What is live at exactly this scope, with the scope locked until the transaction ends.';

create or replace function private.require_runnable(version_id uuid, scope private.scope) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  prompt public.prompts;
begin
  select p.* into prompt
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = version_id and v.workspace_id = scope.workspace_id;
  if prompt.id is null then
    perform private.fail('unknown_version', jsonb_build_object('version_id', version_id));
  end if;
  if prompt.capability_id <> scope.capability_id or prompt.action_id <> scope.action_id
    or (prompt.action_id is not null and scope.action_id is null)
  then
    perform private.fail('wrong_prompt', jsonb_build_object('version_id', version_id, 'prompt_id', prompt.id));
  end if;
end
$$;

comment on function private.require_runnable(uuid, private.scope) is
'Raises unless the version is of this workspace and its prompt is one that the capability, or the action, runs.';

create or replace function private.move_pointer(
  scope private.scope, version_id uuid, head private.deployment_heads, kind text, reason text,
  restores_number integer default null
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  made public.deployments;
begin
  if head.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  end if;
  insert into public.deployments (
    workspace_id, environment_id, capability_id, action_id, intent_id,
    number, prompt_version_id, previous_version_id, kind, reason, created_by, restores_number, created_at)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id,
    coalesce(head.number, 0) + 1, version_id, head.prompt_version_id, kind, coalesce(reason, ''), auth.uid(),
    restores_number,
    -- A transaction that waited began before the one that it follows: time in a scope never runs backwards.
    greatest(private.now(), (select d.created_at from public.deployments d where d.id = head.deployment_id)))
  returning * into made;
  return private.move_answer(made, scope);
end
$$;

comment on function private.move_pointer(private.scope, uuid, private.deployment_heads, text, text, integer) is
'Appends a deployment to a locked scope and says what it did.';

create or replace function private.move_answer(made public.deployments, scope private.scope) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  applies uuid := coalesce(made.prompt_version_id, (private.wider_head(scope)).prompt_version_id);
begin
  return to_jsonb(made) || jsonb_build_object(
    'deployment_id', made.id,
    'version', (select private.version_card(v) from public.prompt_versions v where v.id = made.prompt_version_id),
    'applies', (select private.version_card(v) from public.prompt_versions v where v.id = applies),
    'summary', (select c.summary from public.changes c
      where c.workspace_id = made.workspace_id and c.deployment_id = made.id));
end
$$;

comment on function private.move_answer(public.deployments, private.scope) is
'The deployment with its version, the version that applies at the scope now, and a summary.';

create or replace function private.require_live(head private.deployment_heads, expected_version uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  if head.prompt_version_id is distinct from expected_version then
    perform private.fail('stale_version', jsonb_build_object(
      'live_version_id', head.prompt_version_id, 'expected_version_id', expected_version));
  end if;
end
$$;

comment on function private.require_live(private.deployment_heads, uuid) is
'Raises stale_version unless the caller names the version that is live; null means that nothing is.';

create or replace function private.publish(
  environment text, capability text, version_id uuid, expected_version uuid,
  action text, intent text, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.publish');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  perform private.require_runnable(version_id, scope);
  perform private.require_live(head, expected_version);
  perform private.require_approval(tenant, 'deployments.publish', scope.environment_id, version_id,
    private.publication_hash(scope, version_id));
  return private.move_pointer(scope, version_id, head, 'publish', reason);
end
$$;

comment on function private.publish(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a version live at a scope by compare-and-swap.\nDefiner: deployments are append-only and numbered under a lock, so nobody may insert them by hand.';

-- ==== sql/20_functions/rollbacks.sql

-- Each scope is a stack: publish and withdraw put a state on it, rollback takes one off. A rollback's row names the
-- move whose state it restored, so the next one goes on from there: further back, never to and fro.
create or replace function private.scope_move(scope private.scope, number integer) returns public.deployments
language plpgsql stable
set search_path = ''
as $$
declare
  move public.deployments;
begin
  select d.* into move from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id
    and d.number = scope_move.number;
  return move;
end
$$;

comment on function private.scope_move(private.scope, integer) is 'A scope''s move by its number.';

create or replace function private.standing(move public.deployments) returns integer
language plpgsql immutable
set search_path = ''
as $$
begin
  return coalesce(move.restores_number, move.number, 0);
end
$$;

comment on function private.standing(public.deployments) is
'The number of the publish or withdraw whose state a move left standing; 0 is the time before the first.';

create or replace function private.number_before(scope private.scope, head private.deployment_heads) returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  now_standing constant integer := private.standing(private.scope_move(scope, head.number));
begin
  if now_standing = 0 then
    perform private.fail('nothing_to_roll_back');
  end if;
  return private.standing(private.scope_move(scope, now_standing - 1));
end
$$;

comment on function private.number_before(private.scope, private.deployment_heads) is
'The state that a rollback without a target restores: what the live one replaced.';

create or replace function private.number_of_version(scope private.scope, version_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  move public.deployments;
begin
  select d.* into move from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id
    and d.prompt_version_id = version_id
  order by d.number desc
  limit 1;
  if move.id is null then
    perform private.fail('never_live_here', jsonb_build_object('version_id', version_id));
  end if;
  return private.standing(move);
end
$$;

comment on function private.number_of_version(private.scope, uuid) is
'The state that a rollback to a version restores: the last in which it was live here.';

create or replace function private.number_at(scope private.scope, moment timestamptz) returns integer
language plpgsql stable
set search_path = ''
as $$
declare
  move public.deployments;
begin
  if moment > private.now() then
    perform private.fail('bad_argument', '{"argument": "to_time", "expected": "a moment in the past"}');
  end if;
  select d.* into move from public.deployments d
  where d.environment_id = scope.environment_id
    and d.capability_id = scope.capability_id
    and d.action_id is not distinct from scope.action_id
    and d.intent_id is not distinct from scope.intent_id
    and d.created_at <= moment
  order by d.number desc
  limit 1;
  if move.prompt_version_id is null then
    perform private.fail('nothing_live_then', jsonb_build_object('to_time', moment));
  end if;
  return private.standing(move);
end
$$;

comment on function private.number_at(private.scope, timestamptz) is
'The state that a rollback to a moment restores: what was live here then.';

create or replace function private.rollback_number(
  scope private.scope, head private.deployment_heads, to_version uuid, to_time timestamptz
) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  if head.deployment_id is null then
    perform private.fail('nothing_to_roll_back');
  elsif to_version is not null and to_time is not null then
    perform private.fail('bad_argument', '{"argument": "to_time", "expected": "left out when to_version is given"}');
  end if;
  return case
    when to_version is not null then private.number_of_version(scope, to_version)
    when to_time is not null then private.number_at(scope, to_time)
    else private.number_before(scope, head)
  end;
end
$$;

comment on function private.rollback_number(private.scope, private.deployment_heads, uuid, timestamptz) is
'The number of the move whose state a rollback restores; raises when there is none, or when what was named was never live here.';

create or replace function private.restored_version(
  scope private.scope, head private.deployment_heads, number integer
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  target constant uuid := (private.scope_move(scope, number)).prompt_version_id;
begin
  if target is not null and target = head.prompt_version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', target));
  elsif target is null and scope.action_id is null and scope.intent_id is null then
    perform private.fail('nothing_to_roll_back');
  elsif target is null then
    perform private.require_wider(scope);
  end if;
  return target;
end
$$;

comment on function private.restored_version(private.scope, private.deployment_heads, integer) is
'The version of a state; null gives the scope back to the wider one. Raises when that changes nothing, or leaves nothing.';

create or replace function private.require_wider(scope private.scope) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (private.wider_head(scope)).deployment_id is null then
    perform private.fail('nothing_wider');
  end if;
end
$$;

comment on function private.require_wider(private.scope) is 'Raises unless a wider scope would answer instead of this one.';

create or replace function private.rollback(
  environment text, capability text, expected_version uuid, action text, intent text, to_version uuid,
  reason text, to_time timestamptz, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
  number integer;
begin
  perform private.require_live(head, expected_version);
  number := private.rollback_number(scope, head, to_version, to_time);
  return private.move_pointer(
    scope, private.restored_version(scope, head, number), head, 'rollback', reason, number);
end
$$;

comment on function private.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid) is
E'Returns a scope to an earlier state by compare-and-swap.\nDefiner: as publish.';

create or replace function private.withdraw(
  environment text, capability text, expected_version uuid, action text, intent text, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.rollback');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.scope_head(scope);
begin
  perform private.require_live(head, expected_version);
  if head.prompt_version_id is null then
    perform private.fail('nothing_here');
  end if;
  perform private.require_wider(scope);
  return private.move_pointer(scope, null, head, 'withdraw', reason);
end
$$;

comment on function private.withdraw(text, text, uuid, text, text, text, uuid) is
E'Ends the override of a scope by compare-and-swap: the wider one applies.\nDefiner: as publish.';

-- ==== sql/20_functions/rules.sql

create or replace function private.rule_arms(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    with versions as (
      select a.id, jsonb_object_agg(coalesce(r.action_id::text, '*'), r.prompt_version_id) filter (where r.id is not null) as runs
      from public.variants a left join public.variant_versions r on r.variant_id = a.id
      where a.experiment_id = rule_arms.experiment_id
      group by a.id
    )
    select jsonb_object_agg(a.id, jsonb_build_object(
      'key', a.key, 'is_control', a.is_control, 'rolled_back', a.rolled_back_at is not null,
      -- The units of an arm that was rolled back keep it, so that they are analysed as assigned; what runs is the control.
      'versions', coalesce(case when a.rolled_back_at is null then own.runs else control.runs end, '{}')))
    from public.variants a
    join versions own on own.id = a.id
    left join (public.variants c join versions control on control.id = c.id)
      on c.experiment_id = a.experiment_id and c.is_control
    where a.experiment_id = rule_arms.experiment_id);
end
$$;

comment on function private.rule_arms(uuid) is
'Every arm of an experiment by its id, with the versions that its units get: {key, is_control, rolled_back, versions}.';

create or replace function private.rule_actions(arms jsonb) returns uuid[]
language plpgsql immutable
set search_path = ''
as $$
begin
  return array(
    select named.action::uuid
    from (select distinct v.action from jsonb_each(arms) a, jsonb_object_keys(a.value -> 'versions') as v (action)
      where v.action <> '*') named
    where not exists (
      select from jsonb_each(arms) a
      where not (a.value -> 'versions') ?| array[named.action, '*'])
    order by 1);
end
$$;

comment on function private.rule_actions(jsonb) is 'The actions, named by some arm, for which every arm has a version.';

create or replace function private.compile_rule(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.live_rules r where r.experiment_id = compile_rule.experiment_id;
  insert into private.live_rules
  select made.*, encode(sha256(convert_to(made::text, 'UTF8')), 'hex')
  from (
    select e.id, e.workspace_id, e.environment_id, e.capability_id,
      (2 * (cardinality(actions.ids) = 0)::integer + (cardinality(intents.ids) = 0)::integer)::smallint,
      e.started_at, e.key, e.salt, e.traffic, e.unit = 'conversation',
      case when cardinality(actions.ids) > 0 then actions.ids end,
      case when cardinality(intents.ids) > 0 then intents.ids end,
      not exists (select from jsonb_each(has.arms) a where not (a.value -> 'versions') ? '*'),
      private.rule_actions(has.arms), private.audience_path(e.audience), e.layer_id, e.layer_from, e.layer_to,
      phase.id, phase.arm_ids, phase.arm_starts, has.arms
    from public.experiments e
    cross join lateral (select private.rule_arms(e.id)) as has (arms)
    cross join lateral (select array(
      select s.action_id from public.experiment_actions s where s.experiment_id = e.id order by 1)) as actions (ids)
    cross join lateral (select array(
      select s.intent_id from public.experiment_intents s where s.experiment_id = e.id order by 1)) as intents (ids)
    cross join lateral (
      select p.id, array_agg(b.variant_id order by b.bucket_from) as arm_ids,
        array_agg(b.bucket_from order by b.bucket_from) as arm_starts
      from public.experiment_phases p join public.experiment_phase_arms b on b.phase_id = p.id
      where p.experiment_id = e.id and b.bucket_from < b.bucket_to
      group by p.id, p.number order by p.number desc limit 1) as phase
    where e.id = compile_rule.experiment_id and e.state = 'active'
  ) as made;
end
$$;

comment on function private.compile_rule(uuid) is
'Writes the row that decide reads for an experiment, or takes it away when the experiment is not active.';

-- ==== sql/20_functions/decide.sql

-- The hottest road of the product. Its functions are plpgsql, also where one query would do: a session keeps their
-- plans, while it plans SQL functions anew at every call. Few and large, because each costs in every transaction.
-- What an experiment is stands compiled in private.live_rules.
create or replace function private.call_context(
  subject text, conversation text, action text, intent text, attributes jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  if length(subject) between 1 and 512 and length(coalesce(conversation, '-')) between 1 and 512
    and jsonb_typeof(attributes) = 'object'
  then
    return attributes || jsonb_build_object('call', jsonb_build_object(
      'subject', subject, 'conversation', conversation, 'action', action, 'intent', intent));
  end if;
  perform private.require_text('subject', subject, 512);
  perform private.require_text('conversation', coalesce(conversation, '-'), 512);
  perform private.fail('bad_argument', '{"argument": "attributes", "expected": "an object"}');
  return null;
end
$$;

comment on function private.call_context(text, text, text, text, jsonb) is
E'What an audience is asked about: the attributes, and the call itself under the reserved name call.\nRaises bad_argument for a call that makes no sense.';

create type private.choice as (
  rule private.live_rules, unit_id text, variant_id uuid, bucket integer, assignment_id uuid
);

comment on type private.choice is
'The experiment that answers a call, its unit, the arm; the bucket that drew it, or the assignment that it stands in.';

create or replace function private.choose(
  scope private.scope, subject text, conversation text, context jsonb
) returns private.choice
language plpgsql stable
set search_path = ''
-- One plan for all calls, along the index that has the rules in the order in which they are asked.
set plan_cache_mode = 'force_generic_plan'
set enable_sort = 'off'
as $$
declare
  in_slot constant uuid[] := private.slot_holders(scope, subject);
  chosen private.choice;
begin
  with mine as materialized (
    select a.id, a.experiment_id, a.variant_id, a.unit_id from public.assignments a
    where a.workspace_id = scope.workspace_id and a.unit_id in (choose.subject, choose.conversation)
  )
  select first_of.r, first_of.unit_id, first_of.variant_id, first_of.bucket, first_of.assignment_id
  into chosen.rule, chosen.unit_id, chosen.variant_id, chosen.bucket, chosen.assignment_id
  from (select unnest(scope.capability_id || in_slot) union all select o.experiment_id from mine o) as streams (id)
  cross join lateral (
    select r, unit.id as unit_id, coalesce(m.variant_id, r.arm_ids[width_bucket(drawn.bucket, r.arm_starts)]) as variant_id,
      drawn.bucket, m.id as assignment_id
    from private.live_rules r
    cross join lateral (select case when r.by_conversation then choose.conversation else choose.subject end) as unit (id)
    left join mine m on m.experiment_id = r.experiment_id and m.unit_id = unit.id
    cross join lateral (select case when m.id is null then private.bucket(r.salt, 'variant', unit.id) end) as drawn (bucket)
    where r.environment_id = scope.environment_id and r.capability_id = scope.capability_id and r.stream = streams.id
      and (r.action_ids is null or scope.action_id = any (r.action_ids))
      and (r.intent_ids is null or scope.intent_id = any (r.intent_ids))
      and (r.runs_any_action or scope.action_id = any (r.runs_action_ids))
      and unit.id is not null and (r.audience is null or context @@ r.audience)
      and (m.id is not null
        or not (select private.is_held_out(scope.environment_id, choose.subject))
        and (r.layer_id is null or r.experiment_id = any (in_slot)
          and not private.is_elsewhere_in_layer(r, (select array_agg(o.experiment_id) from mine o)))
        and (r.traffic = 10000 or private.bucket(r.salt, 'traffic', unit.id) < r.traffic))
    order by r.breadth, r.started_at, r.experiment_id
    limit 1) as first_of
  order by (first_of.r).breadth, (first_of.r).started_at, (first_of.r).experiment_id
  limit 1;
  return chosen;
end
$$;

comment on function private.choose(private.scope, text, text, jsonb) is
'The experiment that answers a call: the first, the narrowest and then the oldest, that covers it and takes its unit.';

create or replace function private.is_held_out(environment_id uuid, subject text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  present public.holdouts;
begin
  select h.* into present from public.holdouts h
  where h.environment_id = is_held_out.environment_id order by h.number desc limit 1;
  return coalesce(present.share, 0) > 0 and private.bucket(present.salt, 'holdout', subject) < present.share;
end
$$;

comment on function private.is_held_out(uuid, text) is 'Whether the environment keeps the subject out of every experiment.';

create or replace function private.slot_holders(scope private.scope, subject text) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  holders uuid[] := '{}'::uuid[];
  layer uuid := '00000000-0000-0000-0000-000000000000'::uuid;
  slot integer;
begin
  -- From layer to layer along the index, and in each straight to the slot: it does not matter how many share one.
  loop
    select r.layer_id, private.bucket(l.salt, 'layer', subject) into layer, slot
    from private.live_rules r join public.layers l on l.id = r.layer_id
    where r.environment_id = scope.environment_id and r.capability_id = scope.capability_id and r.layer_id > layer
    order by r.layer_id limit 1;
    exit when not found;
    holders := holders || array(
      select r.experiment_id from private.live_rules r
      where r.environment_id = scope.environment_id and r.capability_id = scope.capability_id
        and r.layer_id = layer and r.layer_from <= slot and r.layer_to > slot);
  end loop;
  return holders;
end
$$;

comment on function private.slot_holders(private.scope, text) is
'The capability''s experiments that hold the subject''s slot in their layer.';

create or replace function private.is_elsewhere_in_layer(rule private.live_rules, has_arms_in uuid[]) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  -- Slots that moved while experiments ran would let a unit into two of them: the arm that it has wins.
  return has_arms_in is not null and exists (
    select from public.experiments e
    where e.id = any (has_arms_in)
      and e.layer_id = rule.layer_id
      and e.environment_id = rule.environment_id
      and e.id <> rule.experiment_id
      and e.state in ('active', 'paused'));
end
$$;

comment on function private.is_elsewhere_in_layer(private.live_rules, uuid[]) is
'Whether one of the experiments, in which the call''s subject or conversation has an arm, is live in the rule''s layer.';

create or replace function private.log_exposure(
  choice private.choice, scope private.scope, subject text, conversation text, attributes jsonb
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  made uuid;
begin
  insert into public.assignments (
    workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation, intent_id, bucket, attributes)
  values (scope.workspace_id, (choice.rule).experiment_id, (choice.rule).phase_id, choice.variant_id, choice.unit_id,
    subject, conversation, scope.intent_id, choice.bucket, attributes)
  on conflict on constraint assignments_sticky do nothing
  returning id into made;
  return made;
end
$$;

comment on function private.log_exposure(private.choice, private.scope, text, text, jsonb) is
'Logs that the unit was drawn into its arm; null when a rival call has just done so.';

create or replace function private.decision(
  version_id uuid, reason text, deployment_id uuid, assignment_id uuid default null, experiment jsonb default null,
  variant jsonb default null
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'assignment_id', decision.assignment_id, 'experiment', experiment, 'variant', variant,
      'version', private.version_card(v), 'bundle', private.bundle(v),
      'deployment_id', decision.deployment_id, 'reason', decision.reason)
    from public.prompt_versions v
    where v.id = decision.version_id);
end
$$;

comment on function private.decision(uuid, text, uuid, uuid, jsonb, jsonb) is
'The answer of decide for a version and how it was chosen.';

create or replace function private.experiment_decision(
  rule private.live_rules, variant_id uuid, assignment_id uuid, action_id uuid
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  arm constant jsonb := rule.arms -> variant_id::text;
begin
  return private.decision(
    coalesce(arm -> 'versions' ->> action_id::text, arm -> 'versions' ->> '*')::uuid,
    case when (arm ->> 'rolled_back')::boolean then 'variant_rolled_back' else 'assigned' end,
    null, assignment_id,
    jsonb_build_object('id', rule.experiment_id, 'key', rule.key),
    jsonb_build_object('id', variant_id, 'key', arm -> 'key', 'is_control', arm -> 'is_control'));
end
$$;

comment on function private.experiment_decision(private.live_rules, uuid, uuid, uuid) is
'The answer for an assigned unit: its arm''s version, or the control''s when the arm was rolled back.';

create or replace function private.decide(
  environment text, capability text, subject text, action text, conversation text, intent text,
  attributes jsonb, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  scope constant private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  context constant jsonb := private.call_context(subject, conversation, action, intent, attributes);
  choice private.choice;
begin
  loop
    choice := private.choose(scope, subject, conversation, context);
    if (choice.rule).experiment_id is null then
      return private.deployment_decision(scope, environment, private.is_held_out(scope.environment_id, subject));
    end if;
    choice.assignment_id := coalesce(
      choice.assignment_id, private.log_exposure(choice, scope, subject, conversation, attributes));
    -- Else a rival came first and has committed by now: what it drew stands.
    exit when choice.assignment_id is not null;
  end loop;
  return private.experiment_decision(choice.rule, choice.variant_id, choice.assignment_id, scope.action_id);
end
$$;

comment on function private.decide(text, text, text, text, text, text, jsonb, uuid) is
E'What to run for a subject; logs the exposure in the same transaction.\nDefiner: assignments are append-only and drawn by hash, so nobody may insert them by hand.';

create or replace function private.deployment_decision(scope private.scope, environment text, is_held_out boolean)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  head private.deployment_heads := private.live_head(scope);
begin
  if head.deployment_id is null then
    perform private.fail('nothing_deployed', jsonb_build_object('environment', environment));
  end if;
  return private.decision(
    head.prompt_version_id, case when is_held_out then 'holdout' else 'live_deployment' end, head.deployment_id);
end
$$;

comment on function private.deployment_decision(private.scope, text, boolean) is
'The answer outside of experiments: what is live at the most specific scope.';

-- ==== sql/20_functions/experiments.sql

create or replace function private.lock_experiment(
  experiment_id uuid, expected_revision integer, permission text, requested_workspace uuid
) returns public.experiments
language plpgsql
set search_path = ''
as $$
declare
  experiment public.experiments;
  owner uuid := (select e.workspace_id from public.experiments e where e.id = lock_experiment.experiment_id);
begin
  -- Before the lock: a stranger must not wait for it, nor make others wait.
  perform private.authorise_row(owner, requested_workspace, permission, 'unknown_experiment',
    jsonb_build_object('experiment_id', lock_experiment.experiment_id));
  perform private.require_environment(e.environment_id)
  from public.experiments e where e.id = lock_experiment.experiment_id;
  select e.* into experiment from public.experiments e where e.id = lock_experiment.experiment_id for no key update;
  if experiment.revision is distinct from expected_revision then
    perform private.fail('stale_revision', jsonb_build_object(
      'expected_revision', expected_revision, 'revision', experiment.revision,
      'changed', private.changed_since(experiment, expected_revision)));
  end if;
  return experiment;
end
$$;

comment on function private.lock_experiment(uuid, integer, text, uuid) is
'The experiment, locked; raises for a stranger, a missing permission, or a revision that is not the present one.';

create or replace function private.arm_buckets(experiment_id uuid)
returns table (variant_id uuid, weight integer, bucket_from integer, bucket_to integer)
language sql stable
set search_path = ''
as $$
  with arms as (
    select a.id, a.weight,
      sum(a.weight) over (order by a.key collate "C") as upto,
      sum(a.weight) over () as whole
    from public.variants a
    where a.experiment_id = arm_buckets.experiment_id and a.rolled_back_at is null
  )
  select arms.id, arms.weight,
    ((arms.upto - arms.weight) * 10000 / arms.whole)::integer, (arms.upto * 10000 / arms.whole)::integer
  from arms
  where arms.whole > 0
$$;

comment on function private.arm_buckets(uuid) is
'How the 10,000 buckets are shared out now: arms in the order of their keys, each by its weight.';

create or replace function private.open_phase(experiment public.experiments) returns void
language plpgsql
set search_path = ''
as $$
declare
  present public.experiment_phases;
  opened uuid;
begin
  select p.* into present from public.experiment_phases p
  where p.experiment_id = experiment.id order by p.number desc limit 1;
  if present.id is not null and not exists (
    (select variant_id, weight from private.arm_buckets(experiment.id)
      except select a.variant_id, a.weight from public.experiment_phase_arms a where a.phase_id = present.id)
    union all
    (select a.variant_id, a.weight from public.experiment_phase_arms a where a.phase_id = present.id
      except select variant_id, weight from private.arm_buckets(experiment.id))
  ) then
    return;
  end if;
  insert into public.experiment_phases (workspace_id, experiment_id, number, started_at)
  values (experiment.workspace_id, experiment.id, coalesce(present.number, 0) + 1, private.now())
  returning id into opened;
  insert into public.experiment_phase_arms (
    workspace_id, experiment_id, phase_id, variant_id, weight, bucket_from, bucket_to)
  select experiment.workspace_id, experiment.id, opened, b.variant_id, b.weight, b.bucket_from, b.bucket_to
  from private.arm_buckets(experiment.id) b;
end
$$;

comment on function private.open_phase(public.experiments) is
'Begins a new phase when the arms or their weights are not those of the present one.';

create or replace function private.move_experiment(
  experiment_id uuid, verb text, expected_revision integer, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision,
    (select m.permission from public.experiment_moves m where m.verb = move_experiment.verb limit 1), workspace_id);
  target text := (select m.to_state from public.experiment_moves m
    where m.verb = move_experiment.verb and m.from_state = experiment.state);
  blockers jsonb;
begin
  perform private.require_environment(experiment.environment_id);
  if target = 'active' then
    blockers := private.experiment_blockers(experiment);
  end if;
  if target is null then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', verb));
  elsif blockers is not null then
    perform private.fail('experiment_incomplete', blockers);
  elsif target = 'active' then
    perform private.require_approval(experiment.workspace_id, 'experiments.activate', experiment.environment_id,
      experiment.id, private.experiment_hash(experiment.id));
    perform private.open_phase(experiment);
  end if;
  update public.experiments e set
    state = target,
    started_at = case when target = 'active' then coalesce(e.started_at, private.now()) else e.started_at end,
    ended_at = case when target = 'archived' then private.now() end
  where e.id = experiment.id
  returning e.* into experiment;
  return jsonb_build_object(
    'experiment_id', experiment.id, 'state', experiment.state, 'revision', experiment.revision);
end
$$;

comment on function private.move_experiment(uuid, text, integer, uuid) is
E'Moves the state by compare-and-swap, as experiment_moves allows, for those who hold the move''s permission.\nDefiner: nobody may write the state by hand.';

create or replace function private.rollback_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'deployments.rollback', workspace_id);
  arm public.variants;
begin
  perform private.require_environment(experiment.environment_id);
  select a.* into arm from public.variants a where a.experiment_id = experiment.id and a.key = variant;
  if arm.id is null or arm.is_control or arm.rolled_back_at is not null then
    perform private.fail(
      case when arm.id is null then 'unknown_variant' when arm.is_control then 'control_stays'
        else 'already_rolled_back' end,
      jsonb_build_object('variant', variant));
  end if;
  update public.variants a set rolled_back_at = private.now() where a.id = arm.id;
  insert into public.variant_rollbacks (workspace_id, experiment_id, variant_id, phase_number, rolled_back_at)
  select experiment.workspace_id, experiment.id, arm.id, coalesce(max(p.number), 0), private.now()
  from public.experiment_phases p where p.experiment_id = experiment.id;
  if experiment.started_at is not null then
    perform private.open_phase(experiment);
  end if;
  -- Touching the experiment counts its revision up, so that a stale draft cannot undo this.
  update public.experiments e set updated_at = private.now() where e.id = experiment.id
  returning e.* into experiment;
  perform private.log_variant(experiment, arm, 'variant_rolled_back', 'Rolled back', reason);
  return jsonb_build_object(
    'experiment_id', experiment.id, 'variant_id', arm.id, 'variant', arm.key, 'state', experiment.state,
    'revision', experiment.revision, 'rolled_back_at', private.now());
end
$$;

comment on function private.rollback_variant(uuid, text, integer, text, uuid) is
E'Stops an arm at once: its units get the control from the next decide on.\nDefiner: nobody may write rolled_back_at or phases by hand.';

create or replace function private.log_variant(
  experiment public.experiments, arm public.variants, kind text, did text, reason text
) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', experiment.workspace_id, 'kind', kind,
    'environment_id', experiment.environment_id, 'capability_id', experiment.capability_id,
    'experiment_id', experiment.id, 'variant_id', arm.id,
    'summary', format('%s the variant %s of %s', did, arm.key, experiment.key),
    'detail', jsonb_build_object('reason', coalesce(reason, ''), 'revision', experiment.revision))));
end
$$;

comment on function private.log_variant(public.experiments, public.variants, text, text, text) is
'The ledger''s row for an arm that was stopped or restored.';

-- ==== sql/20_functions/variant_restores.sql

create or replace function private.restore_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.activate', workspace_id);
  arm public.variants;
begin
  select a.* into arm from public.variants a where a.experiment_id = experiment.id and a.key = variant;
  if arm.id is null then
    perform private.fail('unknown_variant', jsonb_build_object('variant', variant));
  elsif arm.rolled_back_at is null then
    perform private.fail('not_rolled_back', jsonb_build_object('variant', variant));
  elsif experiment.state = 'archived' then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', 'restore_variant'));
  end if;
  update public.variants a set rolled_back_at = null where a.id = arm.id;
  if experiment.started_at is not null then
    perform private.open_phase(experiment);
  end if;
  update public.experiments e set updated_at = private.now() where e.id = experiment.id
  returning e.* into experiment;
  perform private.log_variant(experiment, arm, 'variant_restored', 'Restored', reason);
  return jsonb_build_object(
    'experiment_id', experiment.id, 'variant_id', arm.id, 'variant', arm.key, 'state', experiment.state,
    'revision', experiment.revision, 'rolled_back_at', null);
end
$$;

comment on function private.restore_variant(uuid, text, integer, text, uuid) is
E'Takes the rollback of an arm back: its units get its version again.\nDefiner: nobody may write rolled_back_at or phases by hand.';

-- ==== sql/20_functions/ramps.sql

-- A ramp is an experiment with a plan. Locks are always taken in this order: the capability, the scope, the
-- experiment, the ramp. Moves of a pointer share the capability's lock; a ramp's moves hold it alone.
create or replace function private.ramp_scope(ramp public.ramps) returns private.scope
language sql immutable
set search_path = ''
return row((ramp).workspace_id, (ramp).environment_id, (ramp).capability_id, (ramp).action_id, (ramp).intent_id)::private.scope;

comment on function private.ramp_scope(public.ramps) is 'Where a ramp runs.';

create or replace function private.overrides(head private.deployment_heads, scope private.scope) returns boolean
language sql immutable
set search_path = ''
return (head).environment_id = (scope).environment_id
  and (head).capability_id = (scope).capability_id
  and (head).prompt_version_id is not null
  and coalesce((head).action_id = (scope).action_id, true)
  and coalesce((head).intent_id = (scope).intent_id, true)
  and ((head).action_id is not null, (head).intent_id is not null)
    > ((scope).action_id is not null, (scope).intent_id is not null);

comment on function private.overrides(private.deployment_heads, private.scope) is
'True when a live scope answers some of another scope''s calls instead of it.';

create or replace function private.overriding_scopes(scope private.scope) returns text
language sql stable
set search_path = ''
as $$
  select string_agg(private.scope_words(h.environment_id, h.capability_id, h.action_id, h.intent_id), ', '
    order by h.action_id, h.intent_id)
  from private.live_head(scope) base
  join private.deployment_heads h on h.environment_id = base.environment_id and h.capability_id = base.capability_id
  where h.prompt_version_id is not null
    and coalesce(h.action_id = (scope).action_id, true)
    and coalesce(h.intent_id = (scope).intent_id, true)
    and (h.action_id is not null, h.intent_id is not null) > (base.action_id is not null, base.intent_id is not null)
$$;

comment on function private.overriding_scopes(private.scope) is
'The live scopes that answer some of a scope''s calls instead of what answers the others, in words; null when there are none.';

create or replace function private.would_end(ramp public.ramps, moved private.scope) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  base constant private.deployment_heads := private.live_head(private.ramp_scope(ramp));
  rank constant boolean[] := array[moved.action_id is not null, moved.intent_id is not null];
begin
  return ramp.id is not null
    and coalesce(moved.action_id = ramp.action_id, true) and coalesce(moved.intent_id = ramp.intent_id, true)
    and (rank >= array[ramp.action_id is not null, ramp.intent_id is not null]
      or rank >= array[base.action_id is not null, base.intent_id is not null]);
end
$$;

comment on function private.would_end(public.ramps, private.scope) is
'True when a move of a scope''s pointer would stop the ramp: it moves the ramp''s scope, overrides it, or is what it stands on.';

create or replace function private.require_plan(steps numeric[], hold interval, min_subjects integer, unit text)
returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  fault jsonb;
begin
  select jsonb_build_object('argument', argument, 'expected', expected) into fault
  from (values
    ('steps', 'from 2 to 20 rising percentages, all but the last at most 50, the last 100',
      cardinality(steps) between 2 and 20 and steps[cardinality(steps)] = 100 and not exists (
        select from unnest(steps) with ordinality as s (share, n)
        where s.share is null or s.share < 0.01 or s.share <= steps[s.n - 1]
          or s.share > 50 and s.n < cardinality(steps) or s.share * 100 <> trunc(s.share * 100))),
    ('hold', 'an interval of time', hold >= interval '0'),
    ('min_subjects', 'from 2 to 1,000,000', min_subjects between 2 and 1000000),
    ('unit', 'user or conversation', unit in ('user', 'conversation'))
  ) as rule (argument, expected, holds)
  where holds is not true
  limit 1;
  if fault is not null then
    perform private.fail('bad_argument', fault);
  end if;
end
$$;

comment on function private.require_plan(numeric[], interval, integer, text) is
E'Raises bad_argument for a plan that cannot be followed.\nShares between 50 and 100 per cent would leave the control fewer subjects than the new version: arms stay equal until the last step.';

create or replace function private.guardrail_rows(workspace_id uuid, guardrails jsonb)
returns table (metric_id uuid, margin double precision)
language plpgsql stable
set search_path = ''
as $$
declare
  entry jsonb;
  metric public.outcome_metrics;
begin
  if jsonb_typeof(guardrails) is distinct from 'array' then
    perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "an array of {metric, margin}"}');
  end if;
  for entry in select g from jsonb_array_elements(guardrails) g loop
    select m.* into metric from public.outcome_metrics m
    where m.workspace_id = guardrail_rows.workspace_id and m.key = entry ->> 'metric';
    if metric.id is null then
      perform private.fail('unknown_metric', jsonb_build_object('metric', entry ->> 'metric'));
    elsif metric.kind not in ('proportion', 'mean', 'count', 'duration') then
      perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "metrics of the kinds proportion, mean, count, duration"}');
    elsif jsonb_typeof(coalesce(entry -> 'margin', '0')) <> 'number' or (entry ->> 'margin')::double precision < 0 then
      perform private.fail('bad_argument', '{"argument": "guardrails", "expected": "an array of {metric, margin} with margins from 0"}');
    end if;
    metric_id := metric.id;
    margin := nullif((entry ->> 'margin')::double precision, 0);
    return next;
  end loop;
end
$$;

comment on function private.guardrail_rows(uuid, jsonb) is 'The guardrails of a ramp as metrics and margins; a margin of null is none at all.';

create or replace function private.ramp_experiment(
  scope private.scope, from_version_id uuid, version_id uuid, share integer, unit text, guardrails jsonb
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  made public.experiments;
begin
  insert into public.experiments (
    workspace_id, key, name, hypothesis, environment_id, capability_id, unit, traffic)
  select scope.workspace_id, format('ramp.%s.v%s.%s', left(p.key, 60), v.number, right(private.uuidv7()::text, 8)),
    format('Ramp of %s', private.version_words(v.id)), 'Does no harm.',
    scope.environment_id, scope.capability_id, unit, 2 * share
  from public.prompt_versions v join public.prompts p on p.id = v.prompt_id
  where v.id = ramp_experiment.version_id
  returning * into made;
  insert into public.experiment_actions (workspace_id, experiment_id, capability_id, action_id)
  select made.workspace_id, made.id, made.capability_id, scope.action_id where scope.action_id is not null;
  insert into public.experiment_intents (workspace_id, experiment_id, intent_id)
  select made.workspace_id, made.id, scope.intent_id where scope.intent_id is not null;
  insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role, margin)
  select made.workspace_id, made.id, g.metric_id, 'guardrail', g.margin
  from private.guardrail_rows(scope.workspace_id, guardrails) g;
  with arms as (
    insert into public.variants (workspace_id, experiment_id, key, name, is_control)
    values (made.workspace_id, made.id, 'live', 'Live', true), (made.workspace_id, made.id, 'new', 'New', false)
    returning id, is_control
  )
  insert into public.variant_versions (workspace_id, variant_id, prompt_version_id)
  select made.workspace_id, arms.id, case when arms.is_control then from_version_id else version_id end from arms;
  perform private.open_phase(made);
  update public.experiments e set state = 'active', started_at = private.now() where e.id = made.id;
  return made.id;
end
$$;

comment on function private.ramp_experiment(private.scope, uuid, uuid, integer, text, jsonb) is
'Starts the experiment that a ramp runs as: two equal arms over twice the first step''s share.';

create or replace function private.require_rampable(
  scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  live constant private.deployment_heads := private.live_head(scope);
  overriding constant text := private.overriding_scopes(scope);
begin
  perform private.require_runnable(version_id, scope);
  perform private.require_live(head, expected_version);
  if live.prompt_version_id is null then
    perform private.fail('nothing_to_ramp_from');
  elsif live.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  elsif overriding is not null then
    perform private.fail('overridden', jsonb_build_object('scopes', overriding));
  elsif exists (
    select from public.ramps r
    where r.state = 'running' and private.ramp_scope(r) is not distinct from scope
  ) then
    perform private.fail('ramp_running');
  end if;
  return live.prompt_version_id;
end
$$;

comment on function private.require_rampable(private.scope, private.deployment_heads, uuid, uuid) is
'The version that answers the scope now; raises unless another can be ramped up against it.';

create or replace function private.log_ramp(ramp public.ramps, kind text, summary text, detail jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', ramp.workspace_id, 'kind', kind,
    'environment_id', ramp.environment_id, 'capability_id', ramp.capability_id, 'action_id', ramp.action_id,
    'intent_id', ramp.intent_id, 'experiment_id', ramp.experiment_id, 'deployment_id', ramp.deployment_id,
    'summary', format('%s: %s at %s', summary, private.version_words(ramp.version_id),
      private.scope_words(ramp.environment_id, ramp.capability_id, ramp.action_id, ramp.intent_id)),
    'detail', detail || jsonb_build_object(
      'ramp_id', ramp.id, 'revision', ramp.revision, 'step', ramp.step, 'version_id', ramp.version_id))));
end
$$;

comment on function private.log_ramp(public.ramps, text, text, jsonb) is 'The ledger''s row for a move of a ramp.';

create or replace function private.ramp_card(ramp public.ramps) returns jsonb
language sql stable
set search_path = ''
as $$
  select to_jsonb(ramp) || jsonb_build_object(
    'ramp_id', (ramp).id,
    'share', (select s.share / 100.0 from public.ramp_steps s where s.ramp_id = (ramp).id and s.number = (ramp).step),
    'holds_until', (select s.started_at + s.hold from public.ramp_steps s
      where s.ramp_id = (ramp).id and s.number = (ramp).step and (ramp).state = 'running'),
    'next_share', (select s.share / 100.0 from public.ramp_steps s
      where s.ramp_id = (ramp).id and s.number = (ramp).step + 1 and (ramp).state = 'running'))
$$;

comment on function private.ramp_card(public.ramps) is 'A ramp as its verbs answer it: the row, with the present and the next share in per cent.';

create or replace function private.open_ramp(
  scope private.scope, head private.deployment_heads, version_id uuid, expected_version uuid,
  steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text
) returns public.ramps
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  base constant uuid := private.require_rampable(scope, head, version_id, expected_version);
  made public.ramps;
begin
  insert into public.ramps (
    workspace_id, environment_id, capability_id, action_id, intent_id, version_id, from_version_id,
    replaces_version_id, min_subjects, reason, created_by, experiment_id)
  values (
    scope.workspace_id, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id, version_id, base,
    head.prompt_version_id, min_subjects, coalesce(reason, ''), auth.uid(),
    private.ramp_experiment(scope, base, version_id, (steps[1] * 100)::integer, unit, guardrails))
  returning * into made;
  insert into public.ramp_steps (workspace_id, ramp_id, number, share, hold, started_at)
  select made.workspace_id, made.id, s.n, s.share * 100, case when s.share = 100 then interval '0' else hold end,
    case s.n when 1 then private.now() end
  from unnest(steps) with ordinality as s (share, n);
  insert into private.ramp_clock (ramp_id, workspace_id) values (made.id, made.workspace_id);
  return made;
end
$$;

comment on function private.open_ramp(
  private.scope, private.deployment_heads, uuid, uuid, numeric[], jsonb, interval, integer, text, text
) is 'The rows of a new ramp at a locked scope: itself, its experiment, its steps.';

create or replace function private.start_ramp(
  environment text, capability text, version_id uuid, expected_version uuid, action text, intent text,
  steps numeric[], guardrails jsonb, hold interval, min_subjects integer, unit text, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'deployments.publish');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  made public.ramps;
begin
  perform private.require_plan(steps, hold, min_subjects, unit);
  perform pg_advisory_xact_lock(private.capability_key(scope));
  made := private.open_ramp(
    scope, private.scope_head(scope), version_id, expected_version, steps, guardrails, hold, min_subjects, unit, reason);
  perform private.require_approval(tenant, 'deployments.publish', scope.environment_id, version_id,
    private.publication_hash(scope, version_id));
  perform private.log_ramp(made, 'ramp_started', format('Started a ramp at %s %%', steps[1]),
    jsonb_build_object('steps', steps, 'guardrails', guardrails, 'reason', made.reason));
  return private.ramp_card(made);
end
$$;

comment on function private.start_ramp(
  text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid
) is E'Begins to roll a version out in steps, by compare-and-swap on what is live.\nDefiner: as publish; ramps, their steps and the state of their experiment are nobody''s to write by hand.';

-- ==== sql/20_functions/ramp_moves.sql

create or replace function private.ramp_to_move(
  ramp_id uuid, permission text, requested_workspace uuid
) returns public.ramps
language plpgsql stable
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r where r.id = ramp_to_move.ramp_id;
  perform private.authorise_row(ramp.workspace_id, requested_workspace, permission, 'unknown_ramp',
    jsonb_build_object('ramp_id', ramp_to_move.ramp_id));
  perform private.require_environment(ramp.environment_id);
  return ramp;
end
$$;

comment on function private.ramp_to_move(uuid, text, uuid) is
'The ramp, unlocked; raises for a stranger or a missing permission.';

create or replace function private.lock_ramp(ramp public.ramps, expected_revision integer) returns public.ramps
language plpgsql
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(private.capability_key(private.ramp_scope(ramp)));
  perform private.scope_head(private.ramp_scope(ramp));
  perform from public.experiments e where e.id = ramp.experiment_id for no key update;
  select r.* into ramp from public.ramps r where r.id = ramp.id for no key update;
  if ramp.state <> 'running' then
    perform private.fail('ramp_over', jsonb_build_object('state', ramp.state, 'end_code', ramp.end_code));
  elsif ramp.revision is distinct from expected_revision then
    perform private.fail('stale_ramp', jsonb_build_object(
      'expected_revision', expected_revision, 'revision', ramp.revision));
  end if;
  return ramp;
end
$$;

comment on function private.lock_ramp(public.ramps, integer) is
'The ramp, running and with everything that it may move locked; raises when it is over or has moved on.';

create or replace function private.guardrails_of(ramp_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(
      jsonb_agg(to_jsonb(g) - array['workspace_id', 'ramp_id', 'experiment_id'] order by g.metric_key), '[]')
    from public.ramp_guardrails g
    where g.ramp_id = guardrails_of.ramp_id);
end
$$;

comment on function private.guardrails_of(uuid) is 'A ramp''s guardrails with the numbers that decide.';

create or replace function private.guardrail_words(guardrails jsonb, status text) returns text
language sql immutable
set search_path = ''
as $$
  select string_agg(format('%s (harm %s, from %s to %s, margin %s, %s and %s subjects%s)',
    g ->> 'metric_key', coalesce(round((g ->> 'harm')::numeric, 4)::text, 'unknown'),
    coalesce(round((g ->> 'harm_low')::numeric, 4)::text, '?'), coalesce(round((g ->> 'harm_high')::numeric, 4)::text, '?'),
    g ->> 'margin', g ->> 'n_control', g ->> 'n_variant', ', ' || (g ->> 'reason_code')), '; ')
  from jsonb_array_elements(guardrails) g
  where g ->> 'status' = guardrail_words.status
$$;

comment on function private.guardrail_words(jsonb, text) is 'The guardrails of a status in words; null when there are none.';

create or replace function private.require_free_to_advance(ramp public.ramps, guardrails jsonb, force boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  step public.ramp_steps;
begin
  select s.* into step from public.ramp_steps s where s.ramp_id = ramp.id and s.number = ramp.step;
  if (select e.state from public.experiments e where e.id = ramp.experiment_id) <> 'active' then
    perform private.fail('ramp_paused', jsonb_build_object('experiment_id', ramp.experiment_id));
  elsif private.guardrail_words(guardrails, 'breached') is not null then
    perform private.fail('guardrail_breached', jsonb_build_object(
      'guardrails', private.guardrail_words(guardrails, 'breached'), 'numbers', guardrails));
  elsif force then
    return;
  elsif private.guardrail_words(guardrails, 'waiting') is not null then
    perform private.fail('guardrail_waits', jsonb_build_object(
      'guardrails', private.guardrail_words(guardrails, 'waiting'), 'numbers', guardrails));
  elsif step.started_at + step.hold > private.now() then
    perform private.fail('ramp_holds', jsonb_build_object('until', step.started_at + step.hold));
  end if;
end
$$;

comment on function private.require_free_to_advance(public.ramps, jsonb, boolean) is
'Raises what keeps a ramp from its next step. Force passes over time and missing data, never over a breach.';

create or replace function private.step_ramp(ramp public.ramps, guardrails jsonb, forced boolean, reason text)
returns public.ramps
language plpgsql
set search_path = ''
as $$
declare
  share constant integer := (select s.share from public.ramp_steps s where s.ramp_id = ramp.id and s.number = ramp.step + 1);
begin
  update public.ramp_steps s set started_at = private.now() where s.ramp_id = ramp.id and s.number = ramp.step + 1;
  update public.ramps r set step = r.step + 1, revision = r.revision + 1,
    state = case share when 10000 then 'completed' else r.state end,
    ended_at = case share when 10000 then private.now() end
  where r.id = ramp.id
  returning r.* into ramp;
  if ramp.state = 'completed' then
    ramp := private.complete_ramp(ramp, reason);
  else
    update public.experiments e set traffic = 2 * share where e.id = ramp.experiment_id;
  end if;
  perform private.log_ramp(ramp,
    case ramp.state when 'completed' then 'ramp_completed' else 'ramp_advanced' end,
    case ramp.state when 'completed' then 'Completed a ramp' else format('Advanced a ramp to %s %%', share / 100.0) end,
    jsonb_build_object('guardrails', guardrails, 'forced', forced, 'reason', coalesce(reason, '')));
  return ramp;
end
$$;

comment on function private.step_ramp(public.ramps, jsonb, boolean, text) is 'Takes a locked ramp to its next step.';

create or replace function private.complete_ramp(ramp public.ramps, reason text) returns public.ramps
language plpgsql
set search_path = ''
as $$
declare
  scope constant private.scope := private.ramp_scope(ramp);
  head constant private.deployment_heads := private.own_head(scope);
  moved jsonb;
begin
  -- Whatever moves the scope stops the ramp in its own transaction; this holds even if that were ever forgotten.
  perform private.require_live(head, ramp.replaces_version_id);
  perform private.archive_ramp_experiment(ramp.experiment_id);
  moved := private.move_pointer(scope, ramp.version_id, head, 'publish', coalesce(nullif(reason, ''), ramp.reason));
  update public.ramps r set deployment_id = (moved ->> 'deployment_id')::uuid where r.id = ramp.id returning r.* into ramp;
  return ramp;
end
$$;

comment on function private.complete_ramp(public.ramps, text) is 'The last step: ends the experiment and publishes, in one transaction.';

create or replace function private.archive_ramp_experiment(experiment_id uuid) returns void
language sql
set search_path = ''
begin atomic
  update public.experiments e set state = 'archived', ended_at = private.now()
  where e.id = archive_ramp_experiment.experiment_id and e.state <> 'archived';
end;

comment on function private.archive_ramp_experiment(uuid) is 'Ends the experiment: every subject gets what is live from the next decide on.';

create or replace function private.end_ramp(ramp public.ramps, state text, end_code text, detail jsonb) returns public.ramps
language plpgsql
set search_path = ''
as $$
begin
  update public.ramps r set state = end_ramp.state, end_code = end_ramp.end_code, ended_at = private.now(),
    revision = r.revision + 1
  where r.id = ramp.id and r.state = 'running'
  returning r.* into ramp;
  if found then
    perform private.archive_ramp_experiment(ramp.experiment_id);
    perform private.log_ramp(ramp, 'ramp_' || end_ramp.state,
      format('%s a ramp (%s)', initcap(end_ramp.state), replace(end_code, '_', ' ')),
      detail || jsonb_build_object('end_code', end_code));
  end if;
  return ramp;
end
$$;

comment on function private.end_ramp(public.ramps, text, text, jsonb) is
'Ends a ramp without publishing: its subjects get the live version from the next decide on.';

create or replace function private.advance_ramp(
  ramp_id uuid, expected_revision integer, force boolean, reason text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  ramp public.ramps := private.ramp_to_move(ramp_id, 'deployments.publish', workspace_id);
  -- Before the locks: results may take a while, and nobody should wait for them.
  guardrails constant jsonb := private.guardrails_of(ramp.id);
begin
  if force then
    perform private.require_person();
  end if;
  ramp := private.lock_ramp(ramp, expected_revision);
  perform private.require_free_to_advance(ramp, guardrails, coalesce(force, false));
  ramp := private.step_ramp(ramp, guardrails, coalesce(force, false), reason);
  return private.ramp_card(ramp) || jsonb_build_object('guardrails', guardrails);
end
$$;

comment on function private.advance_ramp(uuid, integer, boolean, text, uuid) is
E'Takes a ramp to its next step by compare-and-swap.\nDefiner: as start_ramp.';

create or replace function private.abort_ramp(ramp_id uuid, expected_revision integer, reason text, workspace_id uuid)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  ramp public.ramps := private.ramp_to_move(ramp_id, 'deployments.rollback', workspace_id);
begin
  ramp := private.lock_ramp(ramp, expected_revision);
  return private.ramp_card(private.end_ramp(
    ramp, 'aborted', 'aborted_by_hand', jsonb_build_object('reason', coalesce(reason, ''))));
end
$$;

comment on function private.abort_ramp(uuid, integer, text, uuid) is E'Ends a ramp at once by compare-and-swap.\nDefiner: as start_ramp.';

-- ==== sql/20_functions/folds.sql

create or replace function private.fold_of(metric public.outcome_metrics) returns text
language sql immutable
set search_path = ''
return coalesce((metric).per_subject, case
  when (metric).kind = 'proportion' then 'max'
  when (metric).kind = 'count' or (metric).when_absent = 'zero' then 'sum'
  else 'mean'
end);

comment on function private.fold_of(public.outcome_metrics) is 'How several outcomes of one subject become one number: sum, mean or max.';

-- ==== sql/20_functions/previews.sql

-- What a move of a pointer would touch, before anybody makes it. Nothing here writes or locks.
create or replace function private.preview_diff(live uuid, after uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  with bundles as (
    select private.bundle(a) as was, private.bundle(b) as becomes
    from public.prompt_versions a cross join public.prompt_versions b
    where a.id = preview_diff.live and b.id = preview_diff.after
  ),
  fields as (
    select f.key as field, f.value as was, becomes -> f.key as becomes
    from bundles cross join lateral jsonb_each(was - 'params') f
    union all
    select 'params.' || k.key, was -> 'params' -> k.key, becomes -> 'params' -> k.key
    from bundles cross join lateral jsonb_object_keys((was -> 'params') || (becomes -> 'params')) as k (key)
  )
  select coalesce(jsonb_agg(
    case when field in ('messages', 'variables', 'tools', 'response_format') then jsonb_build_object('field', field)
      else jsonb_build_object('field', field, 'live', was, 'after', becomes) end order by field), '[]')
  from fields
  where was is distinct from becomes
$$;

comment on function private.preview_diff(uuid, uuid) is
'The fields in which two versions differ, with both values where they are short: diff_versions shows the rest.';

create or replace function private.preview_traffic(scope private.scope, head private.deployment_heads) returns jsonb
language sql stable
set search_path = ''
as $$
  with calls as materialized (
    select i.action_id, i.intent_id, i.subject, i.conversation, i.started_at, i.experiment_id, i.prompt_version_id
    from public.inferences i
    where i.workspace_id = (scope).workspace_id and i.environment_id = (scope).environment_id
      and i.capability_id = (scope).capability_id
      and ((scope).action_id is null or i.action_id = (scope).action_id)
      and ((scope).intent_id is null or i.intent_id = (scope).intent_id)
      and i.received_at > least(private.now(), pg_catalog.now()) - interval '24 hours'
      and i.started_at > private.now() - interval '24 hours' and i.started_at <= private.now()
  ),
  kinds as materialized (
    select k.action_id, k.intent_id, (private.live_head(row(
      (scope).workspace_id, (scope).environment_id, (scope).capability_id, k.action_id, k.intent_id))).deployment_id
    from (select distinct c.action_id, c.intent_id from calls c) k
  ),
  sorted as (
    select c.*, k.deployment_id is not distinct from (head).deployment_id as is_ours,
      c.started_at > private.now() - interval '1 hour' as is_recent,
      k.deployment_id is not distinct from (head).deployment_id and c.experiment_id is null
        and c.prompt_version_id = (head).prompt_version_id as got_it
    from calls c join kinds k
      on k.action_id is not distinct from c.action_id and k.intent_id is not distinct from c.intent_id
  )
  select case when count(*) = 0 then jsonb_build_object('reason_code', 'no_inferences') else jsonb_build_object(
    'reason_code', null,
    'calls_last_hour', count(*) filter (where got_it and is_recent),
    'conversations_last_hour', count(distinct conversation) filter (where got_it and is_recent),
    'calls_last_24_hours', count(*) filter (where got_it),
    'conversations_last_24_hours', count(distinct conversation) filter (where got_it),
    'subjects_last_24_hours', count(distinct subject) filter (where got_it),
    'in_experiments_last_24_hours', count(*) filter (where is_ours and experiment_id is not null),
    'answered_by_narrower_last_24_hours', count(*) filter (where not is_ours)) end
  from sorted
$$;

comment on function private.preview_traffic(private.scope, private.deployment_heads) is
E'Calls and conversations that really got what is live here, from the inferences of the last hour and day.\nreason_code no_inferences, and no numbers, when none was recorded at all: that is not zero.';

create or replace function private.preview_narrower(scope private.scope) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'action', (select a.key from public.actions a where a.id = h.action_id),
    'intent', (select i.key from public.intents i where i.id = h.intent_id),
    'version_id', h.prompt_version_id, 'version', private.version_words(h.prompt_version_id))
    order by h.action_id, h.intent_id), '[]')
  from private.deployment_heads h
  where private.overrides(h, scope)
$$;

comment on function private.preview_narrower(private.scope) is 'The live scopes that answer some of these calls themselves: a move here does not touch them.';

create or replace function private.preview_experiments(scope private.scope, live uuid, after uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  with arms as (
    select v.experiment_id, jsonb_agg(jsonb_build_object(
        'variant', v.key, 'is_control', v.is_control, 'version_id', x.id,
        'runs', case x.id when preview_experiments.live then 'live' when preview_experiments.after then 'after' else 'other' end)
        order by v.key) as list,
      bool_or(x.id = preview_experiments.live and v.rolled_back_at is null) as keeps_live
    from public.variants v
    cross join lateral (select private.version_of(v.id, (scope).action_id) as id) x
    where v.workspace_id = (scope).workspace_id
    group by v.experiment_id
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'experiment_id', e.id, 'experiment', e.key, 'state', e.state, 'ramp_id', r.id, 'arms', arms.list,
    'effect', case
      when private.would_end(r, scope) then 'ramp_stops'
      when arms.keeps_live then 'keeps_running_live'
      else 'unaffected' end) order by e.started_at, e.id), '[]')
  from public.experiments e
  join arms on arms.experiment_id = e.id
  left join public.ramps r on r.experiment_id = e.id and r.state = 'running'
  where e.workspace_id = (scope).workspace_id and e.environment_id = (scope).environment_id
    and e.capability_id = (scope).capability_id and e.state in ('active', 'paused')
    and ((scope).action_id is null or not exists (select from public.experiment_actions s where s.experiment_id = e.id)
      or (scope).action_id in (select s.action_id from public.experiment_actions s where s.experiment_id = e.id))
    and ((scope).intent_id is null or not exists (select from public.experiment_intents s where s.experiment_id = e.id)
      or (scope).intent_id in (select s.intent_id from public.experiment_intents s where s.experiment_id = e.id))
$$;

comment on function private.preview_experiments(private.scope, uuid, uuid) is
E'The experiments that run in a scope. Their subjects keep their arms whatever is live.\neffect: ramp_stops, keeps_running_live (an arm runs the version that is to be replaced: its subjects go on getting it), or unaffected.';

create or replace function private.preview_scope(scope private.scope) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'environment', (select t.key from public.environments t where t.id = (scope).environment_id),
    'capability', (select t.key from public.capabilities t where t.id = (scope).capability_id),
    'action', (select t.key from public.actions t where t.id = (scope).action_id),
    'intent', (select t.key from public.intents t where t.id = (scope).intent_id))
$$;

comment on function private.preview_scope(private.scope) is 'A scope by its keys.';

create or replace function private.version_of_preview(version_id uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  select private.version_card(v) || jsonb_build_object(
    'name', private.version_words(v.id), 'provider', v.provider, 'model', v.model, 'message', v.message)
  from public.prompt_versions v
  where v.id = version_of_preview.version_id
$$;

comment on function private.version_of_preview(uuid) is 'What a person needs to recognise a version.';

create or replace function private.preview_move(scope private.scope, head private.deployment_heads, target uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  answering constant private.deployment_heads := private.live_head(scope);
  after constant uuid := coalesce(target, (private.wider_head(scope)).prompt_version_id);
begin
  return private.preview_scope(scope) || jsonb_build_object(
    'expected_version', head.prompt_version_id,
    'live', private.version_of_preview(answering.prompt_version_id),
    'live_since', (select d.created_at from public.deployments d where d.id = answering.deployment_id),
    'live_at_wider_scope', answering.deployment_id is distinct from head.deployment_id,
    'after', private.version_of_preview(after),
    'gives_scope_back', target is null,
    'summary', format('%s instead of %s at %s',
      private.version_words(after), coalesce(private.version_words(answering.prompt_version_id), 'nothing'),
      private.scope_words(scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id)),
    'diff', private.preview_diff(answering.prompt_version_id, after),
    'traffic', private.preview_traffic(scope, answering),
    'experiments', private.preview_experiments(scope, answering.prompt_version_id, after),
    'narrower', private.preview_narrower(scope),
    'effects', private.preview_effects(scope, answering.prompt_version_id, after));
end
$$;

comment on function private.preview_move(private.scope, private.deployment_heads, uuid) is
'What moving a scope''s pointer to a version, or giving the scope back (null), would touch.';

create or replace function private.preview_rollback(
  environment text, capability text, action text, intent text, to_version uuid, to_time timestamptz, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'workspace.read');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.own_head(scope);
begin
  return private.preview_move(scope, head, private.restored_version(
    scope, head, private.rollback_number(scope, head, to_version, to_time)));
end
$$;

comment on function private.preview_rollback(text, text, text, text, uuid, timestamptz, uuid) is
E'What a rollback would touch.\nDefiner: the heads of scopes are nobody''s to read; the caller''s right to read the workspace is checked.';

create or replace function private.preview_publish(
  environment text, capability text, version_id uuid, action text, intent text, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'workspace.read');
  scope private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  head private.deployment_heads := private.own_head(scope);
begin
  perform private.require_runnable(version_id, scope);
  if head.prompt_version_id = version_id then
    perform private.fail('already_live', jsonb_build_object('version_id', version_id));
  end if;
  return private.preview_move(scope, head, version_id);
end
$$;

comment on function private.preview_publish(text, text, uuid, text, text, uuid) is
E'What a publish would touch.\nDefiner: as preview_rollback.';

-- ==== sql/20_functions/ramp_ticks.sql

-- What workers do for ramps. A transaction looks at several and moves at most one, so that it never holds the locks of
-- two capabilities; a worker calls again until there is nothing left to move.
create or replace function private.hold_is_over(ramp public.ramps) returns boolean
language sql stable
set search_path = ''
as $$
  select s.started_at + s.hold <= private.now() from public.ramp_steps s
  where s.ramp_id = (ramp).id and s.number = (ramp).step
$$;

comment on function private.hold_is_over(public.ramps) is 'True when the present step has lasted as long as planned.';

create or replace function private.tick_ramp(ramp public.ramps) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  guardrails constant jsonb := private.guardrails_of(ramp.id);
begin
  if private.guardrail_words(guardrails, 'breached') is not null then
    ramp := private.end_ramp(private.lock_ramp(ramp, ramp.revision), 'aborted', 'guardrail_breached',
      jsonb_build_object('guardrails', guardrails));
  elsif private.guardrail_words(guardrails, 'waiting') is null and private.hold_is_over(ramp) then
    ramp := private.lock_ramp(ramp, ramp.revision);
    perform private.require_free_to_advance(ramp, guardrails, false);
    ramp := private.step_ramp(ramp, guardrails, false, '');
  else
    return null;
  end if;
  return private.ramp_card(ramp) || jsonb_build_object('guardrails', guardrails);
end
$$;

comment on function private.tick_ramp(public.ramps) is
'Aborts a ramp whose guardrail is breached, or takes it on when its hold is over and all stand; null when there is nothing to do.';

create or replace function private.due_ramp(ramp_id uuid) returns public.ramps
language plpgsql
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r
  join public.experiments e on e.id = r.experiment_id
  where r.id = due_ramp.ramp_id and r.state = 'running' and e.state = 'active';
  if not exists (select from public.ramps r where r.id = due_ramp.ramp_id and r.state = 'running') then
    delete from private.ramp_clock c where c.ramp_id = due_ramp.ramp_id;
  else
    update private.ramp_clock c set checked_at = private.now() where c.ramp_id = due_ramp.ramp_id;
  end if;
  return ramp;
end
$$;

comment on function private.due_ramp(uuid) is 'A claimed ramp, if it runs and is not paused; what is over leaves the clock.';

create or replace function private.tick_ramps(pause_seconds integer) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  claim uuid;
  ramp public.ramps;
  moved jsonb;
begin
  for claim in
    select c.ramp_id from private.ramp_clock c
    where c.checked_at <= private.now() - make_interval(secs => pause_seconds)
    order by c.checked_at
    limit 20
    for update skip locked
  loop
    ramp := private.due_ramp(claim);
    begin
      moved := case when ramp.id is not null then private.tick_ramp(ramp) end;
    exception when others then
      -- One ramp's trouble, or a rival who was first, must not keep the others waiting.
      moved := null;
      raise warning 'ramp % was not moved: % %', claim, sqlstate, sqlerrm;
    end;
    exit when moved is not null;
  end loop;
  return moved;
end
$$;

comment on function private.tick_ramps(integer) is
E'Looks at running ramps that nobody has looked at for so long, and moves at most one.\nDefiner: as start_ramp; the worker alone may call it.';

-- ==== sql/20_functions/experiment_document.sql

-- What defines an experiment, as one document: create_experiment takes it, edit_experiment takes parts of it, an approval
-- is bound to its hash. Keys where people name things by keys, ids where only an id says exactly what runs.
create or replace function private.variants_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', a.key, 'name', a.name, 'weight', a.weight, 'is_control', a.is_control,
      'levels', (
        select coalesce(jsonb_object_agg(f.key, l.key), '{}')
        from public.variant_levels c join public.factors f on f.id = c.factor_id join public.factor_levels l on l.id = c.level_id
        where c.variant_id = a.id),
      'versions', (
        select coalesce(jsonb_object_agg(coalesce(x.key, '*'), r.prompt_version_id), '{}')
        from public.variant_versions r left join public.actions x on x.id = r.action_id
        where r.variant_id = a.id)) order by a.is_control desc, a.key collate "C"), '[]')
    from public.variants a
    where a.experiment_id = variants_document.experiment_id);
end
$$;

comment on function private.variants_document(uuid) is
'The arms: [{key, name, weight, is_control, levels: {factor: level}, versions: {action or *: version id}}], the control first.';

create or replace function private.metrics_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object('metric', m.key, 'role', em.role, 'margin', em.margin))
      order by array_position(array['primary', 'secondary', 'guardrail'], em.role), m.key collate "C"), '[]')
    from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
    where em.experiment_id = metrics_document.experiment_id);
end
$$;

comment on function private.metrics_document(uuid) is 'What it is judged by: [{metric, role, margin}], the primary first.';

create or replace function private.experiment_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'key', e.key, 'name', e.name, 'hypothesis', e.hypothesis, 'unit', e.unit, 'traffic', e.traffic,
      'environment', (select t.key from public.environments t where t.id = e.environment_id),
      'capability', (select t.key from public.capabilities t where t.id = e.capability_id),
      'actions', (
        select coalesce(jsonb_agg(x.key order by x.position, x.key collate "C"), '[]')
        from public.experiment_actions s join public.actions x on x.id = s.action_id where s.experiment_id = e.id),
      'intents', (
        select coalesce(jsonb_agg(i.key order by i.key collate "C"), '[]')
        from public.experiment_intents s join public.intents i on i.id = s.intent_id where s.experiment_id = e.id),
      'audience', e.audience, 'minimum_effect', e.minimum_effect,
      'layer', (select jsonb_build_object('key', l.key, 'from', e.layer_from, 'to', e.layer_to)
        from public.layers l where l.id = e.layer_id),
      'metrics', private.metrics_document(e.id), 'factors', private.factors_document(e.id),
      'variants', private.variants_document(e.id))
    from public.experiments e
    where e.id = experiment_document.experiment_id);
end
$$;

comment on function private.experiment_document(uuid) is
'Everything that defines an experiment, and nothing that merely happens to it: no state, no revision, no times.';

create or replace function private.experiment_references(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_array(e.environment_id, e.capability_id, e.layer_id,
      array(select s.action_id from public.experiment_actions s where s.experiment_id = e.id order by 1),
      array(select s.intent_id from public.experiment_intents s where s.experiment_id = e.id order by 1),
      array(select s.metric_id from public.experiment_metrics s where s.experiment_id = e.id order by 1),
      array(select r.action_id || ' ' || a.key || ' ' || r.prompt_version_id
        from public.variants a join public.variant_versions r on r.variant_id = a.id
        where a.experiment_id = e.id and r.action_id is not null order by 1))
    from public.experiments e
    where e.id = experiment_references.experiment_id);
end
$$;

comment on function private.experiment_references(uuid) is
'The ids of what an experiment''s document calls by keys, in one order.';

create or replace function private.experiment_hash(experiment_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  -- jsonb prints its keys in one order and its spaces in one way, so equal documents are equal texts.
  -- Names may move to other things, so what the names mean now is hashed with them.
  return encode(sha256(convert_to(
    private.experiment_document(experiment_id)::text || private.experiment_references(experiment_id)::text, 'UTF8')), 'hex');
end
$$;

comment on function private.experiment_hash(uuid) is
'SHA-256, in hex, of the experiment''s document: what an approval is bound to.';

create or replace function private.revise(experiment_id uuid) returns void
language plpgsql
set search_path = ''
as $$
begin
  -- Once a transaction: a draft that is written row by row in one call is one revision.
  if current_setting('upshot.revised', true) is distinct from revise.experiment_id || '@' || pg_current_xact_id() then
    update public.experiments e set updated_at = private.now() where e.id = revise.experiment_id;
  end if;
end
$$;

comment on function private.revise(uuid) is
'Counts an experiment''s revision up because something that belongs to it changed.';

create or replace function private.changed_since(experiment public.experiments, revision integer) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  then_ public.experiment_revisions;
begin
  select r.* into then_ from public.experiment_revisions r
  where r.experiment_id = experiment.id and r.revision = changed_since.revision;
  return (
    select jsonb_object_agg(coalesce(a.key, b.key), jsonb_build_object('then', a.value, 'now', b.value))
    from jsonb_each(then_.document || jsonb_build_object('state', then_.state)) a
    full join jsonb_each(private.experiment_document(experiment.id) || jsonb_build_object('state', experiment.state)) b
      on b.key = a.key
    where then_.revision is not null and a.value is distinct from b.value);
end
$$;

comment on function private.changed_since(public.experiments, integer) is
'What is another now than it was at a revision: {field: {then, now}}; null when that revision is not known.';

-- ==== sql/20_functions/experiment_fields.sql

-- What a document of an experiment may hold. One row a field: a jsonpath that is true when the value is as it must be,
-- and the words for when it is not.
create or replace view private.document_rules with (security_invoker = true) as
select rule.part, rule.field, rule.is_required, ('strict ' || rule.test)::jsonpath as test, rule.expected
from (values
  ('experiment', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('experiment', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('experiment', 'hypothesis', false, '$.type() == "string"', 'a text'),
  ('experiment', 'environment', true, '$.type() == "string"', 'the key of an environment'),
  ('experiment', 'capability', true, '$.type() == "string"', 'the key of a capability'),
  ('experiment', 'actions', false, '$.type() == "array" && !exists($[*] ? (@.type() != "string"))',
    'a list of keys of actions; none is the capability as a whole'),
  ('experiment', 'intents', false, '$.type() == "array" && !exists($[*] ? (@.type() != "string"))',
    'a list of keys of intents; none is all'),
  ('experiment', 'unit', false, '$ == "user" || $ == "conversation" || $ == "account"', 'user, conversation or account'),
  ('experiment', 'traffic', false, '$.type() == "number" && $ >= 0 && $ <= 10000 && $.floor() == $',
    'a whole number of basis points from 0 to 10000'),
  ('experiment', 'audience', false, '$.type() == "object" || $ == null', 'a rule over attributes, or null for everybody'),
  ('experiment', 'layer', false, '$.type() == "object" || $ == null', '{key, from, to}, or null for none'),
  ('experiment', 'minimum_effect', false, '$ == null || $.type() == "number" && $ > 0 && $ < 1e300', 'a number above 0, or null'),
  ('experiment', 'metrics', false, '$.type() == "array"', 'a list of {metric, role, margin}'),
  ('experiment', 'factors', false, '$.type() == "array" && $.size() <= 6', 'a list of at most 6 factors'),
  ('experiment', 'base', false, '$.type() == "object" || $.type() == "string"', 'the version that the cells are made from'),
  ('experiment', 'variants', false, '$.type() == "array" && $.size() <= 64', 'a list of at most 64 arms'),
  ('experiment', 'weights', false,
    '$.type() == "object" && !exists($.* ? (!(@.type() == "number" && @ >= 0 && @ <= 10000 && @.floor() == @)))',
    'an object of arm to whole number from 0 to 10000'),
  ('layer', 'key', true, '$.type() == "string"', 'the key of a layer'),
  ('layer', 'from', true, '$.type() == "number" && $ >= 0 && $ < 10000 && $.floor() == $', 'its first slot, from 0 to 9999'),
  ('layer', 'to', true, '$.type() == "number" && $ > 0 && $ <= 10000 && $.floor() == $', 'one past its last slot, from 1 to 10000'),
  ('metric', 'metric', true, '$.type() == "string"', 'the key of an outcome metric'),
  ('metric', 'role', false, '$ == "primary" || $ == "secondary" || $ == "guardrail"', 'primary, secondary or guardrail'),
  ('metric', 'margin', false, '$ == null || $.type() == "number" && $ > 0 && $ < 1e300', 'a number above 0'),
  ('variant', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('variant', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('variant', 'weight', false, '$.type() == "number" && $ >= 0 && $ <= 10000 && $.floor() == $', 'a whole number from 0 to 10000'),
  ('variant', 'is_control', false, '$.type() == "boolean"', 'true or false'),
  ('variant', 'versions', false, '$.type() == "object" || $.type() == "string"', 'an object of action, or *, to version'),
  ('variant', 'levels', false, '$.type() == "object" && !exists($.* ? (@.type() != "string"))', 'an object of factor to level'),
  ('factor', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('factor', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('factor', 'kind', true, '$ == "prompt" || $ == "model" || $ == "param" || $ == "tools" || $ == "version"',
    'prompt, model, param, tools or version'),
  ('factor', 'param', false, '$ == null || $.type() == "string" && $ like_regex "^.{1,100}$" flag "s"', 'the name of a parameter'),
  ('factor', 'action', false, '$ == null || $.type() == "string"', 'the key of an action, or null for every one'),
  ('factor', 'levels', true, '$.type() == "array" && $.size() >= 2 && $.size() <= 20', 'a list of 2 to 20 levels'),
  ('level', 'key', true, '$.type() == "string" && $ like_regex "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$"',
    '1 to 100 letters, digits, _ . : or -, the first a letter or a digit'),
  ('level', 'name', false, '$.type() == "string" && $ like_regex "^.{1,200}$" flag "s"', 'a text of 1 to 200 characters'),
  ('level', 'value', false, 'true == true', 'what this level is')
) as rule (part, field, is_required, test, expected);

comment on view private.document_rules is
'One row per field of a document of an experiment: a jsonpath predicate over its value, and what it must be in words.';

create or replace function private.require_field(field text, holds boolean, expected text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if holds is not true then
    perform private.fail('bad_document', jsonb_build_object('field', field, 'expected', expected));
  end if;
end
$$;

comment on function private.require_field(text, boolean, text) is 'Raises bad_document, naming the field, unless it is as it must be.';

create or replace function private.check_part(part text, path text, value jsonb, is_whole boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  prefix constant text := case path when '' then '' else path || '.' end;
  stranger text;
  rule record;
begin
  perform private.require_field(coalesce(nullif(path, ''), 'document'), jsonb_typeof(value) = 'object', 'an object');
  select k into stranger from jsonb_object_keys(value) k
  where not exists (select from private.document_rules r where r.part = check_part.part and r.field = k) limit 1;
  perform private.require_field(prefix || stranger, stranger is null, (
    select 'left out: there are ' || string_agg(r.field, ', ' order by r.field collate "C")
    from private.document_rules r where r.part = check_part.part));
  for rule in select r.* from private.document_rules r where r.part = check_part.part loop
    if value ? rule.field then
      perform private.require_field(prefix || rule.field,
        coalesce(jsonb_path_match(value -> rule.field, rule.test, '{}', true), false), rule.expected);
    else
      perform private.require_field(prefix || rule.field, not (rule.is_required and is_whole), rule.expected);
    end if;
  end loop;
end
$$;

comment on function private.check_part(text, text, jsonb, boolean) is
'Raises bad_document for a field of a part that is unknown, missing or not as it must be.';

create or replace function private.check_list(part text, path text, list jsonb, name text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  item record;
begin
  for item in select e.value, e.ordinality - 1 as n from jsonb_array_elements(list) with ordinality e loop
    perform private.check_part(part, format('%s[%s]', path, item.n), item.value, true);
  end loop;
  perform private.require_field(path,
    (select count(*) = count(distinct e.value ->> name) from jsonb_array_elements(list) e),
    format('a list in which no %s comes twice', name));
end
$$;

comment on function private.check_list(text, text, jsonb, text) is
'Checks every part of a list, and that none bears the name of another.';

create or replace function private.check_document(document jsonb, is_whole boolean) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.check_part('experiment', '', document, is_whole);
  perform private.check_list('metric', 'metrics', coalesce(document -> 'metrics', '[]'), 'metric');
  perform private.check_list('variant', 'variants', coalesce(document -> 'variants', '[]'), 'key');
  perform private.check_list('factor', 'factors', coalesce(document -> 'factors', '[]'), 'key');
  if jsonb_typeof(document -> 'layer') = 'object' then
    perform private.check_part('layer', 'layer', document -> 'layer', true);
    perform private.require_field('layer.to', (document -> 'layer' ->> 'from')::integer < (document -> 'layer' ->> 'to')::integer,
      'above layer.from');
  end if;
  perform private.require_field('metrics', 1 >= (
    select count(*) from jsonb_array_elements(document -> 'metrics') e where e ->> 'role' = 'primary'), 'a list with at most one primary');
  perform private.require_field('variants', 1 >= (
    select count(*) from jsonb_array_elements(document -> 'variants') e where e -> 'is_control' = 'true'), 'a list with at most one control');
  perform private.require_field('base', not (document ? 'base') or (document ? 'factors' and not (document ? 'variants')),
    'given with factors and without variants: it makes them');
end
$$;

comment on function private.check_document(jsonb, boolean) is
'Raises bad_document for the first field of an experiment''s document, or of a part of one, that is not as it must be.';

-- ==== sql/20_functions/experiment_parts.sql

-- Puts the parts of a document where they belong. Each function writes only what differs: the triggers that protect a
-- started experiment then speak up for real changes alone. Called under the experiment's lock, after check_document.
create or replace function private.named_id(
  what text, workspace_id uuid, key text, field text, capability_id uuid default null
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  found_one uuid := case what
    when 'environment' then (select t.id from public.environments t
      where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'capability' then (select t.id from public.capabilities t
      where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'action' then (select t.id from public.actions t
      where t.capability_id = named_id.capability_id and t.key = named_id.key)
    when 'intent' then (select t.id from public.intents t where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'layer' then (select t.id from public.layers t where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
    when 'outcome metric' then (select t.id from public.outcome_metrics t
      where t.workspace_id = named_id.workspace_id and t.key = named_id.key)
  end;
begin
  perform private.require_field(field, found_one is not null, case what
    when 'action' then 'the key of an action of its capability'
    when 'capability' then 'the key of a capability of this workspace'
    when 'layer' then 'the key of a layer of this workspace'
    else format('the key of an %s of this workspace', what) end);
  return found_one;
end
$$;

comment on function private.named_id(text, uuid, text, text, uuid) is
'The id of what a document names by its key; raises bad_document, naming the field, for a name that nothing bears.';

create or replace function private.named_version(workspace_id uuid, reference jsonb, field text) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  words constant text := reference #>> '{}';
  found_one uuid;
begin
  if jsonb_typeof(reference) = 'object' then
    found_one := (
      select private.version_by_name(p.id, coalesce(reference ->> 'tag', reference ->> 'branch', reference ->> 'number'))
      from public.prompts p
      where p.workspace_id = named_version.workspace_id and p.key = reference ->> 'prompt');
  elsif words ~ '^[0-9a-fA-F-]{36}$' then
    found_one := (select v.id from public.prompt_versions v
      where v.workspace_id = named_version.workspace_id and v.id::text = lower(words));
  elsif words ~ '@' then
    found_one := (
      select private.version_by_name(p.id, split_part(words, '@', 2))
      from public.prompts p
      where p.workspace_id = named_version.workspace_id and p.key = split_part(words, '@', 1));
  end if;
  perform private.require_field(field, found_one is not null,
    'a version of this workspace: its id, prompt@branch, prompt@tag or prompt@number');
  return found_one;
end
$$;

comment on function private.named_version(uuid, jsonb, text) is
'The version that a document means: an id, prompt@name, or {prompt, and tag, branch or number}.';

create or replace function private.version_by_name(prompt_id uuid, name text) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  return coalesce(
    (select t.version_id from public.tags t where t.prompt_id = version_by_name.prompt_id and t.name = version_by_name.name),
    (select b.head_version_id from public.branches b where b.prompt_id = version_by_name.prompt_id and b.name = version_by_name.name and b.deleted_at is null),
    (select v.id from public.prompt_versions v
      where v.prompt_id = version_by_name.prompt_id and v.number::text = version_by_name.name));
end
$$;

comment on function private.version_by_name(uuid, text) is 'A version of a prompt by tag, branch (its head) or number, in this order.';

create or replace function private.put_scalars(experiment public.experiments, document jsonb) returns public.experiments
language plpgsql
set search_path = ''
as $$
declare
  put public.experiments := jsonb_populate_record(experiment,
    document - array['environment', 'capability', 'layer', 'traffic', 'actions', 'intents', 'metrics', 'factors', 'base', 'variants', 'weights']);
begin
  if document ? 'environment' then
    put.environment_id := private.named_id('environment', put.workspace_id, document ->> 'environment', 'environment');
  end if;
  if document ? 'capability' then
    put.capability_id := private.named_id('capability', put.workspace_id, document ->> 'capability', 'capability');
  end if;
  -- 5000.0 is a whole number too, but not to the input of an integer.
  put.traffic := (document ->> 'traffic')::numeric;
  put.traffic := coalesce(put.traffic, experiment.traffic);
  if document ? 'layer' then
    put.layer_from := (document -> 'layer' ->> 'from')::numeric;
    put.layer_to := (document -> 'layer' ->> 'to')::numeric;
    put.layer_id := case when put.layer_from is not null then
      private.named_id('layer', put.workspace_id, document -> 'layer' ->> 'key', 'layer.key') end;
  end if;
  put.audience := nullif(put.audience, 'null');
  if put.capability_id <> experiment.capability_id then
    delete from public.experiment_actions s where s.experiment_id = put.id;
  end if;
  if put is distinct from experiment then
    update public.experiments e set (key, name, hypothesis, environment_id, capability_id, unit, traffic, audience,
      layer_id, layer_from, layer_to, minimum_effect) = row (put.key, put.name, put.hypothesis, put.environment_id,
      put.capability_id, put.unit, put.traffic, put.audience, put.layer_id, put.layer_from, put.layer_to, put.minimum_effect)
    where e.id = put.id returning e.* into put;
  end if;
  return put;
end
$$;

comment on function private.put_scalars(public.experiments, jsonb) is 'Writes what stands in the experiment''s own row.';

create or replace function private.put_scope(experiment public.experiments, document jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  wanted uuid[];
begin
  if document ? 'actions' then
    wanted := array(
      select private.named_id('action', experiment.workspace_id, e.value, format('actions[%s]', e.ordinality - 1),
        experiment.capability_id)
      from jsonb_array_elements_text(document -> 'actions') with ordinality e);
    delete from public.experiment_actions s where s.experiment_id = experiment.id and s.action_id <> all (wanted);
    insert into public.experiment_actions (workspace_id, experiment_id, capability_id, action_id)
    select experiment.workspace_id, experiment.id, experiment.capability_id, w from unnest(wanted) w
    where not exists (select from public.experiment_actions s where s.experiment_id = experiment.id and s.action_id = w)
    group by w;
  end if;
  if document ? 'intents' then
    wanted := array(
      select private.named_id('intent', experiment.workspace_id, e.value, format('intents[%s]', e.ordinality - 1))
      from jsonb_array_elements_text(document -> 'intents') with ordinality e);
    delete from public.experiment_intents s where s.experiment_id = experiment.id and s.intent_id <> all (wanted);
    insert into public.experiment_intents (workspace_id, experiment_id, intent_id)
    select experiment.workspace_id, experiment.id, w from unnest(wanted) w
    where not exists (select from public.experiment_intents s where s.experiment_id = experiment.id and s.intent_id = w)
    group by w;
  end if;
end
$$;

comment on function private.put_scope(public.experiments, jsonb) is 'Makes the actions and the intents those of the document.';

create or replace function private.wanted_metrics(experiment public.experiments, metrics jsonb)
returns table (metric_id uuid, role text, margin double precision)
language plpgsql stable
set search_path = ''
as $$
declare
  item record;
  field text;
begin
  for item in
    select e.value ->> 'metric' as key, coalesce(e.value ->> 'role', 'secondary') as role,
      (e.value ->> 'margin')::double precision as margin, e.ordinality - 1 as n
    from jsonb_array_elements(metrics) with ordinality e
  loop
    field := format('metrics[%s].', item.n);
    perform private.require_field(field || 'margin', item.margin is null or item.role = 'guardrail',
      'left out: only a guardrail has a margin');
    perform private.require_field(field || 'margin',
      not (item.margin is null and item.role = 'guardrail' and experiment.started_at is not null),
      'a number above 0: how much worse is still acceptable, in the metric''s unit');
    metric_id := private.named_id('outcome metric', experiment.workspace_id, item.key, field || 'metric');
    role := item.role;
    margin := item.margin;
    return next;
  end loop;
end
$$;

comment on function private.wanted_metrics(public.experiments, jsonb) is 'The metrics that a document asks for, by their ids.';

create or replace function private.put_metrics(experiment public.experiments, metrics jsonb) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from public.experiment_metrics em
  where em.experiment_id = experiment.id and not exists (
    select from private.wanted_metrics(experiment, metrics) w
    where w.metric_id = em.metric_id and w.role = em.role and w.margin is not distinct from em.margin);
  insert into public.experiment_metrics (workspace_id, experiment_id, metric_id, role, margin)
  select experiment.workspace_id, experiment.id, w.metric_id, w.role, w.margin
  from private.wanted_metrics(experiment, metrics) w
  where not exists (
    select from public.experiment_metrics em where em.experiment_id = experiment.id and em.metric_id = w.metric_id);
end
$$;

comment on function private.put_metrics(public.experiments, jsonb) is 'Makes the metrics those of the document.';

create or replace function private.put_versions(
  experiment public.experiments, variant_id uuid, versions jsonb, field text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  wanted jsonb := '{}'::jsonb;
  step uuid;
begin
  for item in select * from jsonb_each(
    case jsonb_typeof(versions) when 'string' then jsonb_build_object('*', versions) else versions end) loop
    step := case when item.key <> '*' then private.named_id(
      'action', experiment.workspace_id, item.key, field || '.' || item.key, experiment.capability_id) end;
    wanted := wanted || jsonb_build_object(coalesce(step::text, ''),
      private.named_version(experiment.workspace_id, item.value, field || '.' || item.key));
  end loop;
  delete from public.variant_versions r
  where r.variant_id = put_versions.variant_id
    and wanted ->> coalesce(r.action_id::text, '') is distinct from r.prompt_version_id::text;
  insert into public.variant_versions (workspace_id, variant_id, action_id, prompt_version_id)
  select experiment.workspace_id, put_versions.variant_id, nullif(w.key, '')::uuid, w.value::uuid
  from jsonb_each_text(wanted) w
  where not exists (
    select from public.variant_versions r
    where r.variant_id = put_versions.variant_id and coalesce(r.action_id::text, '') = w.key);
end
$$;

comment on function private.put_versions(public.experiments, uuid, jsonb, text) is 'Makes what an arm runs that of the document.';

create or replace function private.put_variants(experiment public.experiments, variants jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  arm uuid;
begin
  delete from public.variants a
  where a.experiment_id = experiment.id
    and not exists (select from jsonb_array_elements(variants) e where e ->> 'key' = a.key);
  -- The old control steps back before the new one is made: there is one at any time.
  update public.variants a set is_control = false
  where a.experiment_id = experiment.id and a.is_control and exists (
    select from jsonb_array_elements(variants) e
    where e -> 'is_control' = to_jsonb(e ->> 'key' <> a.key));
  for item in select e.value as v, e.ordinality - 1 as n from jsonb_array_elements(variants) with ordinality e loop
    insert into public.variants as a (workspace_id, experiment_id, key, name, weight, is_control)
    values (experiment.workspace_id, experiment.id, item.v ->> 'key', coalesce(item.v ->> 'name', item.v ->> 'key'),
      coalesce((item.v ->> 'weight')::numeric, 1), coalesce((item.v ->> 'is_control')::boolean, false))
    on conflict on constraint variants_key_unique do nothing
    returning a.id into arm;
    arm := coalesce(arm, private.change_variant(experiment.id, item.v));
    if item.v ? 'versions' then
      perform private.put_versions(experiment, arm, item.v -> 'versions', format('variants[%s].versions', item.n));
    end if;
    if item.v ? 'levels' then
      perform private.put_levels(experiment, arm, item.v -> 'levels', format('variants[%s].levels', item.n));
    end if;
  end loop;
end
$$;

comment on function private.put_variants(public.experiments, jsonb) is
'Makes the arms those of the document: what it does not list goes, and what it does not say of an arm stays.';

create or replace function private.change_variant(experiment_id uuid, said jsonb) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  present public.variants;
  put public.variants;
begin
  select a.* into present from public.variants a
  where a.experiment_id = change_variant.experiment_id and a.key = said ->> 'key';
  put := jsonb_populate_record(present, said - array['key', 'weight', 'versions', 'levels']);
  put.weight := coalesce((said ->> 'weight')::numeric, present.weight);
  if put is distinct from present then
    update public.variants a set name = put.name, weight = put.weight, is_control = put.is_control where a.id = present.id;
  end if;
  return present.id;
end
$$;

comment on function private.change_variant(uuid, jsonb) is 'Changes what a document says of an arm, and nothing else of it.';

create or replace function private.put_weights(experiment public.experiments, weights jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  stranger text := (select w.key from jsonb_each(weights) w where not exists (
    select from public.variants a where a.experiment_id = experiment.id and a.key = w.key) limit 1);
begin
  perform private.require_field('weights.' || stranger, stranger is null, 'left out: there is no such arm');
  update public.variants a set weight = w.value::numeric
  from jsonb_each_text(weights) w
  where a.experiment_id = experiment.id and a.key = w.key and a.weight <> w.value::numeric;
end
$$;

comment on function private.put_weights(public.experiments, jsonb) is 'Changes the weights that are named.';

-- ==== sql/20_functions/factors.sql

-- Factorial experiments: what varies, with its levels; every combination is an arm with a real version of its own.
create or replace function private.level_key(value jsonb) returns text
language plpgsql immutable
set search_path = ''
as $$
declare
  words constant text := case jsonb_typeof(value)
    when 'null' then 'base' when 'object' then coalesce(value ->> 'model', value ->> 'tag', value ->> 'branch') else value #>> '{}' end;
begin
  return coalesce(nullif(left(regexp_replace(
    regexp_replace(words, '[^A-Za-z0-9_.:-]+', '-', 'g'), '^[^A-Za-z0-9]+', ''), 60), ''), 'level');
end
$$;

comment on function private.level_key(jsonb) is 'A key for a level that is given by its value alone: 0.7, small, base.';

create or replace function private.normal_levels(levels jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return (
    select jsonb_agg(case
      when e.value ? 'key' then
        jsonb_build_object('key', e.value -> 'key', 'name', coalesce(e.value -> 'name', e.value -> 'key'),
          'value', coalesce(e.value -> 'value', 'null')) || (e.value - array['key', 'name', 'value'])
      else jsonb_build_object('key', private.level_key(e.value), 'name', private.level_key(e.value), 'value', e.value)
    end order by e.ordinality)
    from jsonb_array_elements(levels) with ordinality e);
end
$$;

comment on function private.normal_levels(jsonb) is 'Levels in full: a bare value gets a key and a name.';

create or replace function private.normal_factors(factors jsonb) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', f.value -> 'key', 'name', coalesce(f.value -> 'name', f.value -> 'key'), 'kind', f.value -> 'kind',
      'action', coalesce(f.value -> 'action', 'null'),
      'param', case when f.value ->> 'kind' = 'param' then coalesce(nullif(f.value -> 'param', 'null'), f.value -> 'key') else 'null' end,
      'levels', private.normal_levels(f.value -> 'levels')) order by f.ordinality), '[]')
    from jsonb_array_elements(factors) with ordinality f);
end
$$;

comment on function private.normal_factors(jsonb) is 'Factors in full, as the document of an experiment has them.';

create or replace function private.factors_document(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'key', f.key, 'name', f.name, 'kind', f.kind, 'param', f.param,
      'action', (select x.key from public.actions x where x.id = f.action_id),
      'levels', (
        select coalesce(jsonb_agg(jsonb_build_object('key', l.key, 'name', l.name, 'value', l.value) order by l.position), '[]')
        from public.factor_levels l where l.factor_id = f.id)) order by f.position), '[]')
    from public.factors f
    where f.experiment_id = factors_document.experiment_id);
end
$$;

comment on function private.factors_document(uuid) is 'What varies: [{key, name, kind, action, param, levels: [{key, name, value}]}].';

create or replace function private.put_factors(experiment public.experiments, factors jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  made uuid;
begin
  if factors = private.factors_document(experiment.id) then
    return;
  elsif experiment.started_at is not null then
    perform private.fail('experiment_started', '{"what": "factors"}');
  end if;
  delete from public.factors f where f.experiment_id = experiment.id;
  for item in select e.value as f, e.ordinality as n from jsonb_array_elements(factors) with ordinality e loop
    perform private.check_list('level', format('factors[%s].levels', item.n - 1), item.f -> 'levels', 'key');
    insert into public.factors (workspace_id, experiment_id, key, name, kind, param, action_id, position)
    values (experiment.workspace_id, experiment.id, item.f ->> 'key', item.f ->> 'name', item.f ->> 'kind', item.f ->> 'param',
      case when item.f ->> 'action' is not null then private.named_id('action', experiment.workspace_id, item.f ->> 'action',
        format('factors[%s].action', item.n - 1), experiment.capability_id) end, item.n)
    returning id into made;
    insert into public.factor_levels (workspace_id, factor_id, key, name, value, position)
    select experiment.workspace_id, made, l.value ->> 'key', l.value ->> 'name', nullif(l.value -> 'value', 'null'), l.ordinality
    from jsonb_array_elements(item.f -> 'levels') with ordinality l;
  end loop;
  perform private.revise(experiment.id);
end
$$;

comment on function private.put_factors(public.experiments, jsonb) is
'Makes the factors those of the document; other factors take the arms'' levels along.';

create or replace function private.put_levels(
  experiment public.experiments, variant_id uuid, levels jsonb, field text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  item record;
  chosen public.factor_levels;
begin
  delete from public.variant_levels c where c.variant_id = put_levels.variant_id and exists (
    select from public.factors f join public.factor_levels l on l.factor_id = f.id
    where f.id = c.factor_id and l.id = c.level_id and l.key is distinct from levels ->> f.key);
  for item in select * from jsonb_each_text(levels) loop
    select l.* into chosen from public.factors f join public.factor_levels l on l.factor_id = f.id
    where f.experiment_id = experiment.id and f.key = item.key and l.key = item.value;
    perform private.require_field(field || '.' || item.key, chosen.id is not null, 'a level of a factor of this experiment');
    insert into public.variant_levels (workspace_id, experiment_id, variant_id, factor_id, level_id)
    values (experiment.workspace_id, experiment.id, put_levels.variant_id, chosen.factor_id, chosen.id)
    on conflict on constraint variant_levels_pkey do nothing;
  end loop;
  perform private.revise(experiment.id);
end
$$;

comment on function private.put_levels(public.experiments, uuid, jsonb, text) is 'Makes the cell of an arm that of the document.';

create or replace function private.cells(factors jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  made jsonb := '[{}]'::jsonb;
  item record;
begin
  for item in select f.value as f from jsonb_array_elements(factors) with ordinality f order by f.ordinality loop
    made := (
      select jsonb_agg(c.value || jsonb_build_object(item.f ->> 'key', l.value -> 'key') order by c.ordinality, l.ordinality)
      from jsonb_array_elements(made) with ordinality c
      cross join jsonb_array_elements(item.f -> 'levels') with ordinality l);
    perform private.require_field('factors', jsonb_array_length(made) <= 64, 'a design of at most 64 cells');
  end loop;
  return made;
end
$$;

comment on function private.cells(jsonb) is 'Every combination of levels: [{factor: level}], that of the first levels first.';

create or replace function private.with_level(
  bundle jsonb, factor jsonb, value jsonb, workspace_id uuid, field text
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  kind constant text := factor ->> 'kind';
  source jsonb;
begin
  if value is null or value = 'null' then
    return bundle;
  elsif kind = 'version' or kind = 'prompt' and not value ? 'messages' then
    source := (select private.bundle(v) from public.prompt_versions v
      where v.id = private.named_version(with_level.workspace_id, value, field));
    return case kind when 'version' then source
      else bundle || jsonb_build_object('messages', source -> 'messages', 'variables', source -> 'variables') end;
  elsif kind = 'prompt' then
    return bundle || jsonb_build_object('messages', value -> 'messages') || case when value ? 'variables'
      then jsonb_build_object('variables', value -> 'variables') else '{}' end;
  elsif kind = 'model' then
    perform private.require_field(field, coalesce(jsonb_typeof(value) = 'string' or value ->> 'model' is not null, false),
      'the name of a model, or {provider, model}');
    return bundle || case jsonb_typeof(value) when 'string' then jsonb_build_object('model', value)
      else jsonb_strip_nulls(jsonb_build_object('model', value -> 'model', 'provider', value -> 'provider')) end;
  elsif kind = 'tools' then
    return bundle || jsonb_build_object('tools', value);
  end if;
  return jsonb_set(bundle, array['params', factor ->> 'param'], value);
end
$$;

comment on function private.with_level(jsonb, jsonb, jsonb, uuid, text) is
'A bundle in which one factor has one of its levels; a level without a value leaves it as it is.';

create or replace function private.cell_bundle(
  base uuid, action text, factors jsonb, cell jsonb, workspace_id uuid
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  bundle jsonb := (select private.bundle(v) from public.prompt_versions v where v.id = base);
  item record;
begin
  -- A whole version comes first: what else varies, varies in it.
  for item in
    select f.value as f, l.value as l, format('factors[%s].levels[%s].value', f.ordinality - 1, l.ordinality - 1) as field
    from jsonb_array_elements(factors) with ordinality f
    cross join jsonb_array_elements(f.value -> 'levels') with ordinality l
    where l.value ->> 'key' = cell ->> (f.value ->> 'key')
      and (f.value ->> 'action' is null or f.value ->> 'action' = cell_bundle.action)
    order by f.value ->> 'kind' <> 'version', f.ordinality
  loop
    bundle := private.with_level(bundle, item.f, item.l -> 'value', cell_bundle.workspace_id, item.field);
  end loop;
  return bundle;
end
$$;

comment on function private.cell_bundle(uuid, text, jsonb, jsonb, uuid) is 'What a cell of the design runs for an action: the base with the cell''s levels.';

create or replace function private.commit_cell(
  experiment public.experiments, base uuid, bundle jsonb, message text
) returns uuid
language plpgsql
set search_path = ''
as $$
declare
  line constant text := regexp_replace(experiment.key, '[^A-Za-z0-9_./-]', '-', 'g');
  home public.prompt_versions;
  found_one uuid;
begin
  select v.* into home from public.prompt_versions v where v.id = base;
  select v.id into found_one from public.prompt_versions v
  where v.prompt_id = home.prompt_id and v.content_hash = private.bundle_hash(bundle -> 'messages', bundle -> 'variables',
    bundle ->> 'provider', bundle ->> 'model', bundle -> 'params', bundle -> 'tools', nullif(bundle -> 'response_format', 'null'))
  order by v.id <> base, v.number limit 1;
  if found_one is not null then
    return found_one;
  end if;
  perform private.require_permission(experiment.workspace_id, 'prompts.write');
  insert into public.branches (workspace_id, prompt_id, name, head_version_id)
  values (home.workspace_id, home.prompt_id, line, base) on conflict do nothing;
  return (private.commit_version(home.prompt_id, line, bundle -> 'messages', bundle -> 'variables',
    bundle ->> 'provider', bundle ->> 'model', bundle -> 'params', bundle -> 'tools',
    nullif(bundle -> 'response_format', 'null'), message, null, experiment.workspace_id)).id;
end
$$;

comment on function private.commit_cell(public.experiments, uuid, jsonb, text) is
'The version of a cell: one that the prompt has already, or one that is committed to the branch of the experiment''s name.';

create or replace function private.base_versions(experiment public.experiments, base jsonb, factors jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  given constant jsonb := case jsonb_typeof(base) when 'string' then jsonb_build_object('*', base) else base end;
begin
  return (
    select coalesce(jsonb_object_agg(action, private.named_version(experiment.workspace_id,
      coalesce(given -> action, given -> '*'), 'base.' || action)), '{}')
    from (
      select k as action from jsonb_object_keys(given) k
      union
      select f ->> 'action' from jsonb_array_elements(factors) f where f ->> 'action' is not null
    ) as steps);
end
$$;

comment on function private.base_versions(public.experiments, jsonb, jsonb) is
'The version that the cells of each action are made from; * for the actions that have none of their own.';

create or replace function private.make_factorial(experiment public.experiments, factors jsonb, base jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  bases jsonb := private.base_versions(experiment, base, factors);
  made jsonb := '[]'::jsonb;
  cell record;
  versions jsonb;
  name text;
begin
  for cell in select c.value as levels, c.ordinality as n from jsonb_array_elements(private.cells(factors)) with ordinality c loop
    name := (select string_agg(cell.levels ->> (f.value ->> 'key'), '.' order by f.ordinality)
      from jsonb_array_elements(factors) with ordinality f);
    versions := (
      select jsonb_object_agg(b.key, private.commit_cell(experiment, b.value::uuid,
        private.cell_bundle(b.value::uuid, b.key, factors, cell.levels, experiment.workspace_id),
        format('Cell %s of the experiment %s', name, experiment.key)))
      from jsonb_each_text(bases) b);
    made := made || jsonb_build_object('key', left(name, 96) || case when length(name) > 96 then '-' || cell.n else '' end,
      'name', left(name, 200), 'weight', 1, 'is_control', cell.n = 1, 'levels', cell.levels, 'versions', versions);
  end loop;
  return made;
end
$$;

comment on function private.make_factorial(public.experiments, jsonb, jsonb) is
'The arms of the full design: every combination of levels, each with versions of its own; the first levels are the control.';

-- ==== sql/20_functions/experiment_edits.sql

-- Making and changing experiments from documents. Nobody writes the rows of a live experiment by hand: whoever changes one
-- names the revision that they saw, under the lock of the experiment's row.
create or replace function private.put_document(experiment public.experiments, document jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  factors jsonb := private.normal_factors(document -> 'factors');
  put public.experiments := private.put_scalars(experiment, document);
begin
  perform private.put_scope(put, document);
  if document ? 'metrics' then
    perform private.put_metrics(put, document -> 'metrics');
  end if;
  if document ? 'factors' then
    perform private.put_factors(put, factors);
  end if;
  if document ? 'variants' then
    perform private.put_variants(put, document -> 'variants');
  elsif document ? 'base' then
    perform private.put_variants(put, private.make_factorial(put, factors, document -> 'base'));
  end if;
  if document ? 'weights' then
    perform private.put_weights(put, document -> 'weights');
  end if;
end
$$;

comment on function private.put_document(public.experiments, jsonb) is
'Makes every part of an experiment that a checked document names what the document says.';

create or replace function private.experiment_answer(experiment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('experiment_id', e.id, 'key', e.key, 'state', e.state, 'revision', e.revision,
      'parent_experiment_id', e.parent_experiment_id, 'content_hash', private.experiment_hash(e.id),
      'document', private.experiment_document(e.id))
    from public.experiments e where e.id = experiment_answer.experiment_id);
end
$$;

comment on function private.experiment_answer(uuid) is 'What the verbs on documents answer.';

create or replace function private.read_experiment(experiment_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform private.authorise_row(
    (select e.workspace_id from public.experiments e where e.id = read_experiment.experiment_id), workspace_id,
    'workspace.read', 'unknown_experiment', jsonb_build_object('experiment_id', read_experiment.experiment_id));
  perform private.require_environment(e.environment_id)
  from public.experiments e where e.id = read_experiment.experiment_id;
  return private.experiment_answer(read_experiment.experiment_id);
end
$$;

comment on function private.read_experiment(uuid, uuid) is
E'An experiment as its document.\nDefiner: reads six tables for a caller whom it has asked for workspace.read once.';

create or replace function private.new_experiment(
  tenant uuid, document jsonb, parent uuid, source text
) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  experiment public.experiments;
  place uuid;
begin
  perform private.check_document(document, true);
  place := private.named_id('environment', tenant, document ->> 'environment', 'environment');
  perform private.require_environment(place);
  insert into public.experiments (workspace_id, key, name, environment_id, capability_id, parent_experiment_id, call_fingerprint)
  values (tenant, document ->> 'key', coalesce(document ->> 'name', document ->> 'key'), place,
    private.named_id('capability', tenant, document ->> 'capability', 'capability'), parent, source)
  on conflict on constraint experiments_key_unique do nothing
  returning * into experiment;
  if experiment.id is not null then
    perform private.put_document(experiment, document);
    return private.experiment_answer(experiment.id);
  end if;
  select e.* into experiment from public.experiments e where e.workspace_id = tenant and e.key = document ->> 'key';
  if experiment.call_fingerprint is distinct from source then
    perform private.fail('experiment_key_taken', jsonb_build_object('key', experiment.key, 'experiment_id', experiment.id));
  end if;
  return private.experiment_answer(experiment.id);
end
$$;

comment on function private.new_experiment(uuid, jsonb, uuid, text) is
'Drafts an experiment from a document; the same call again answers the experiment that it made.';

create or replace function private.create_experiment(document jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
begin
  return private.new_experiment(private.authorise(workspace_id, 'experiments.write'), document, null,
    encode(sha256(convert_to('create ' || document::text, 'UTF8')), 'hex'));
end
$$;

comment on function private.create_experiment(jsonb, uuid) is
E'Drafts an experiment from one document.\nDefiner: what belongs to it is written in one piece, so that nobody sees a half.';

create or replace function private.edit_experiment(
  experiment_id uuid, expected_revision integer, changes jsonb, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.write', workspace_id);
  before jsonb := private.experiment_document(experiment.id);
begin
  perform private.require_environment(experiment.environment_id);
  if experiment.state = 'archived' then
    perform private.fail('move_not_allowed', '{"state": "archived", "verb": "be edited"}');
  elsif exists (select from public.ramps r where r.experiment_id = experiment.id and r.state = 'running') then
    perform private.fail('ramp_keeps_traffic');
  end if;
  perform private.check_document(changes, false);
  -- What is as it was is not a change: a client may send back the whole document that it read.
  changes := (select coalesce(jsonb_object_agg(c.key, c.value), '{}') from jsonb_each(changes) c
    where before -> c.key is distinct from c.value or c.key in ('factors', 'variants') and changes ? 'base');
  perform private.put_document(experiment, changes);
  perform private.require_environment(e.environment_id) from public.experiments e where e.id = experiment.id;
  -- (That a running experiment is not widened past its reviewers, the trigger _700_widen sees to.)
  if experiment.state = 'in_review' and private.experiment_document(experiment.id) <> before then
    update public.experiments e set state = 'draft' where e.id = experiment.id;
  end if;
  return private.experiment_answer(experiment.id);
end
$$;

comment on function private.edit_experiment(uuid, integer, jsonb, uuid) is
E'Changes parts of an experiment by compare-and-swap on its revision; what is in review goes back to draft.\nDefiner: nobody changes the rows of an experiment by hand.';

create or replace function private.fork_experiment(experiment_id uuid, key text, name text, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  source public.experiments;
begin
  select e.* into source from public.experiments e where e.id = fork_experiment.experiment_id;
  perform private.authorise_row(source.workspace_id, workspace_id, 'experiments.write', 'unknown_experiment',
    jsonb_build_object('experiment_id', fork_experiment.experiment_id));
  perform private.require_environment(source.environment_id);
  return private.new_experiment(source.workspace_id,
    private.experiment_document(source.id) || jsonb_build_object('key', key, 'name', coalesce(name, source.name)), source.id,
    encode(sha256(convert_to(format('fork %s %s %s', source.id, key, name), 'UTF8')), 'hex'));
end
$$;

comment on function private.fork_experiment(uuid, text, text, uuid) is
E'Drafts a copy of an experiment that remembers where it comes from.\nDefiner: as create_experiment.';

create or replace function private.experiment_card(experiment public.experiments, depth integer) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object('experiment_id', experiment.id, 'key', experiment.key, 'name', experiment.name,
    'state', experiment.state, 'parent_experiment_id', experiment.parent_experiment_id,
    'started_at', experiment.started_at, 'ended_at', experiment.ended_at, 'distance', depth);
end
$$;

comment on function private.experiment_card(public.experiments, integer) is 'What identifies an experiment in its ancestry.';

create or replace function private.experiment_ancestry(experiment_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  self public.experiments;
begin
  select e.* into self from public.experiments e where e.id = experiment_ancestry.experiment_id;
  perform private.authorise_row(self.workspace_id, workspace_id, 'workspace.read', 'unknown_experiment',
    jsonb_build_object('experiment_id', experiment_ancestry.experiment_id));
  perform private.require_environment(self.environment_id);
  return private.experiment_card(self, 0) || (
    with recursive up as (
      select p.id, p.parent_experiment_id, 1 as depth from public.experiments p where p.id = self.parent_experiment_id
      union all
      select p.id, p.parent_experiment_id, up.depth + 1 from up join public.experiments p on p.id = up.parent_experiment_id
    ),
    down as (
      select c.id, 1 as depth from public.experiments c
      where c.workspace_id = self.workspace_id and c.parent_experiment_id = self.id
      union all
      select c.id, down.depth + 1 from down
      join public.experiments c on c.workspace_id = self.workspace_id and c.parent_experiment_id = down.id
    )
    select jsonb_build_object(
      'parents', (select coalesce(jsonb_agg(private.experiment_card(e, up.depth) order by up.depth), '[]')
        from up join public.experiments e on e.id = up.id),
      'children', (select coalesce(jsonb_agg(private.experiment_card(e, down.depth) order by down.depth, e.created_at, e.id), '[]')
        from down join public.experiments e on e.id = down.id)));
end
$$;

comment on function private.experiment_ancestry(uuid, uuid) is
E'Where an experiment comes from, and what was made from it.\nDefiner: as read_experiment.';

-- ==== sql/20_functions/ingest.sql

-- What a row of a batch may hold. The verbs, their JSON Schemas and the error texts all read this one list.
create or replace view private.batch_fields as
select field.batch, field.name, field.type, field.is_required, row_number() over () as position
from (values
  ('inference', 'id', 'uuid', true),
  ('inference', 'environment', 'name', true),
  ('inference', 'subject', 'name', true),
  ('inference', 'conversation', 'name', false),
  ('inference', 'capability', 'name', true),
  ('inference', 'action', 'name', false),
  ('inference', 'intent', 'name', false),
  ('inference', 'version_id', 'uuid', true),
  ('inference', 'experiment_id', 'uuid', false),
  ('inference', 'variant_id', 'uuid', false),
  ('inference', 'provider', 'name', true),
  ('inference', 'requested_model', 'name', true),
  ('inference', 'resolved_model', 'name', false),
  ('inference', 'started_at', 'instant', true),
  ('inference', 'latency_ms', 'amount', true),
  ('inference', 'input_tokens', 'count', false),
  ('inference', 'output_tokens', 'count', false),
  ('inference', 'cost_usd', 'amount', false),
  ('inference', 'status', 'status', true),
  ('inference', 'error_code', 'name', false),
  ('inference', 'finish_reason', 'name', false),
  ('inference', 'output', 'text', false),
  ('inference', 'keys', 'keys', false),
  ('outcome', 'metric', 'name', true),
  ('outcome', 'value', 'value', true),
  ('outcome', 'environment', 'name', true),
  ('outcome', 'subject', 'name', false),
  ('outcome', 'conversation', 'name', false),
  ('outcome', 'inference_id', 'uuid', false),
  ('outcome', 'key', 'key', false),
  ('outcome', 'occurred_at', 'instant', true),
  ('outcome', 'source', 'name', true),
  ('outcome', 'source_event_id', 'name', true),
  ('exposure', 'experiment_id', 'uuid', true),
  ('exposure', 'phase_id', 'uuid', true),
  ('exposure', 'variant_id', 'uuid', true),
  ('exposure', 'subject', 'name', true),
  ('exposure', 'conversation', 'name', false),
  ('exposure', 'intent', 'name', false),
  ('exposure', 'attributes', 'object', false),
  ('exposure', 'exposed_at', 'instant', false),
  ('result', 'version_id', 'uuid', true),
  ('result', 'test_case_id', 'uuid', true),
  ('result', 'repeat', 'count', true),
  ('result', 'status', 'status', true),
  ('result', 'output', 'text', false),
  ('result', 'finish_reason', 'name', false),
  ('result', 'latency_ms', 'amount', false),
  ('result', 'input_tokens', 'count', false),
  ('result', 'output_tokens', 'count', false),
  ('result', 'cost_usd', 'amount', false),
  ('result', 'error_code', 'name', false),
  ('result', 'error_message', 'text', false),
  ('result', 'attempts', 'count', false)
) as field (batch, name, type, is_required);

comment on view private.batch_fields is 'One row per field that a row of a batch may hold: its type, and whether it must be there.';

create or replace view private.field_types as
select t.type, t.expected
from (values
  ('uuid', 'a uuid'),
  ('name', 'a text of 1 to 512 characters'),
  ('text', 'a text'),
  ('instant', 'an ISO 8601 time with its zone, such as 2026-01-31T09:30:00Z'),
  ('amount', 'a finite number that is not negative'),
  ('count', 'a whole number from 0 to 2147483647'),
  ('value', 'true, false, 0 or a number whose size is between 1e-60 and 1e60'),
  ('status', 'ok or error'),
  ('object', 'an object'),
  ('key', 'an object {type, value} of two texts'),
  ('keys', 'an array of objects {type, value} of two texts')
) as t (type, expected);

comment on view private.field_types is 'One row per type of field: what it must be, in words.';

create or replace function private.is_key(v jsonb) returns boolean
language sql immutable parallel safe
set search_path = ''
return coalesce(
  jsonb_typeof(v) = 'object'
  and jsonb_typeof(v -> 'type') = 'string' and v ->> 'type' ~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$'
  and jsonb_typeof(v -> 'value') = 'string' and length(v ->> 'value') between 1 and 512, false);

comment on function private.is_key(jsonb) is 'True for a business key {type, value}.';

create or replace function private.field_fault(field text, type text, v jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select private.fault(
    case when v is null or v = 'null' then 'missing_field' else 'bad_field' end,
    jsonb_build_object('field', field, 'expected', t.expected))
  from private.field_types t where t.type = field_fault.type
$$;

comment on function private.field_fault(text, text, jsonb) is 'The error of a field that is missing or of a wrong type.';

create or replace function private.wrong_fields(kind text, batch jsonb)
returns table (index integer, field text, type text, v jsonb)
language sql stable
set search_path = ''
as $$
  -- One pass over rows × fields, the tests in line: a function call for each would cost more than all the rest.
  with fields as materialized (
    select b.* from private.batch_fields b where b.batch = kind
  )
  select distinct on (e.ordinality) (e.ordinality - 1)::integer, f.name, f.type, x.v
  from jsonb_array_elements(wrong_fields.batch) with ordinality as e
  cross join fields f
  cross join lateral (select nullif(e.value -> f.name, 'null'), e.value ->> f.name) as x (v, t)
  where jsonb_typeof(e.value) = 'object'
    and case
      when x.v is null then f.is_required
      when f.type in ('uuid', 'name', 'text', 'instant') and jsonb_typeof(x.v) <> 'string' then true
      when f.type in ('amount', 'count') and jsonb_typeof(x.v) <> 'number' then true
      else not case f.type
        when 'name' then length(x.t) between 1 and 512
        when 'uuid' then x.t ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        when 'text' then true
        when 'instant' then
          x.t ~* '^\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(z|[+-]\d\d(:?\d\d)?)$'
          and pg_input_is_valid(x.t, 'timestamptz')
        when 'amount' then left(x.t, 1) <> '-' and pg_input_is_valid(x.t, 'float8')
        when 'count' then x.t ~ '^\d+$' and pg_input_is_valid(x.t, 'int4')
        when 'value' then jsonb_typeof(x.v) = 'boolean'
          or (jsonb_typeof(x.v) = 'number' and (x.v = '0' or abs(x.v::numeric) between 1e-60 and 1e60))
        when 'status' then x.v in ('"ok"', '"error"')
        when 'object' then jsonb_typeof(x.v) = 'object'
        when 'key' then private.is_key(x.v)
        when 'keys' then jsonb_typeof(x.v) = 'array'
          and not exists (select from jsonb_array_elements(x.v) k where not private.is_key(k))
        else false
      end
    end
  order by e.ordinality, f.position
$$;

comment on function private.wrong_fields(text, jsonb) is
'One row per row of the batch that has a field of a wrong type or lacks one: the first such field.';

create or replace function private.open_batch(kind text, batch jsonb)
returns table (index integer, r jsonb, fault jsonb)
language plpgsql stable
set search_path = ''
as $$
begin
  if jsonb_typeof(batch) is distinct from 'array' then
    perform private.fail('bad_batch');
  elsif jsonb_array_length(batch) > 10000 then
    perform private.fail('batch_too_large', jsonb_build_object('rows', jsonb_array_length(batch)));
  end if;
  return query
    select (e.ordinality - 1)::integer, e.value,
      case
        when jsonb_typeof(e.value) <> 'object' then private.fault('bad_row')
        when w.field is not null then private.field_fault(w.field, w.type, w.v)
      end
    from jsonb_array_elements(batch) with ordinality as e
    left join private.wrong_fields(kind, batch) w on w.index = e.ordinality - 1;
end
$$;

comment on function private.open_batch(text, jsonb) is
'The rows of a batch, counted from 0, each with its first error of type; raises when the whole is no batch.';

create or replace function private.batch_answer(valid bigint, landed bigint, errors jsonb) returns jsonb
language sql immutable
set search_path = ''
return jsonb_build_object('accepted', landed, 'duplicates', valid - landed, 'errors', coalesce(errors, '[]'));

comment on function private.batch_answer(bigint, bigint, jsonb) is
'What a batch verb answers: rows that landed, rows that were known already, and the errors by index.';

-- ==== sql/20_functions/explain.sql

create or replace function private.explain_scope(
  rule private.live_rules, scope private.scope, unit_id text, context jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  miss constant text := private.audience_miss(
    (select e.audience from public.experiments e where e.id = rule.experiment_id), context);
begin
  return jsonb_build_array(
    jsonb_build_object('check', 'action', 'passed', rule.action_ids is null or coalesce(scope.action_id = any (rule.action_ids), false),
      'covers', (select jsonb_agg(a.key order by a.position) from public.actions a where a.id = any (rule.action_ids))),
    jsonb_build_object('check', 'intent', 'passed', rule.intent_ids is null or coalesce(scope.intent_id = any (rule.intent_ids), false),
      'covers', (select jsonb_agg(i.key order by i.key) from public.intents i where i.id = any (rule.intent_ids))),
    jsonb_build_object('check', 'version', 'passed',
      rule.runs_any_action or coalesce(scope.action_id = any (rule.runs_action_ids), false)),
    jsonb_build_object('check', 'unit', 'passed', unit_id is not null,
      'unit', case when rule.by_conversation then 'conversation' else 'subject' end, 'unit_id', unit_id),
    jsonb_build_object('check', 'audience', 'passed', miss is null, 'node', miss));
end
$$;

comment on function private.explain_scope(private.live_rules, private.scope, text, jsonb) is
'Whether an active experiment covers a call, check by check.';

create or replace function private.explain_draw(
  rule private.live_rules, scope private.scope, subject text, conversation text, unit_id text
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  holdout public.holdouts;
  layer public.layers;
  slot integer;
  share_bucket integer;
  traffic_bucket constant integer := private.bucket(rule.salt, 'traffic', unit_id);
  elsewhere boolean;
begin
  select h.* into holdout from public.holdouts h
  where h.environment_id = scope.environment_id order by h.number desc limit 1;
  share_bucket := private.bucket(holdout.salt, 'holdout', subject);
  select l.* into layer from public.layers l where l.id = rule.layer_id;
  slot := private.bucket(layer.salt, 'layer', subject);
  elsewhere := layer.id is not null and private.is_elsewhere_in_layer(rule, array(
    select a.experiment_id from public.assignments a
    where a.workspace_id = scope.workspace_id
      and a.unit_id in (explain_draw.subject, explain_draw.conversation)));
  return jsonb_build_array(
    jsonb_build_object('check', 'holdout', 'passed', not private.is_held_out(scope.environment_id, subject),
      'bucket', share_bucket, 'share', coalesce(holdout.share, 0)),
    jsonb_build_object('check', 'layer', 'passed', layer.id is null
        or slot between rule.layer_from and rule.layer_to - 1 and not elsewhere,
      'layer', layer.key, 'bucket', slot, 'from', rule.layer_from, 'to', rule.layer_to,
      'has_arm_elsewhere', elsewhere),
    jsonb_build_object('check', 'traffic', 'passed', coalesce(traffic_bucket < rule.traffic, false),
      'bucket', traffic_bucket, 'traffic', rule.traffic));
end
$$;

comment on function private.explain_draw(private.live_rules, private.scope, text, text, text) is
'Whether an active experiment would draw a unit that has no arm in it yet, check by check.';

create or replace function private.explain_arm(rule private.live_rules, unit_id text) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  has public.assignments;
  bucket constant integer := private.bucket(rule.salt, 'variant', unit_id);
  place constant integer := width_bucket(bucket, rule.arm_starts);
  variant uuid;
begin
  select a.* into has from public.assignments a
  where a.workspace_id = rule.workspace_id and a.unit_id = explain_arm.unit_id and a.experiment_id = rule.experiment_id;
  variant := coalesce(has.variant_id, rule.arm_ids[place]);
  return jsonb_build_object('check', 'arm', 'passed', true, 'bucket', bucket,
    'variant', rule.arms -> variant::text -> 'key', 'rolled_back', rule.arms -> variant::text -> 'rolled_back',
    'assignment_id', has.id, 'since', has.assigned_at)
  || case when has.id is null then jsonb_build_object(
      'from', rule.arm_starts[place], 'to', coalesce(rule.arm_starts[place + 1], 10000)) else '{}' end;
end
$$;

comment on function private.explain_arm(private.live_rules, text) is
'The arm that a unit has, since when; or the one that its bucket would draw now, and the buckets of that arm.';

create or replace function private.explain_rule(
  rule private.live_rules, scope private.scope, subject text, conversation text, context jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  unit constant text := case when rule.by_conversation then conversation else subject end;
  arm constant jsonb := private.explain_arm(rule, unit);
  steps jsonb := private.explain_scope(rule, scope, unit, context);
  failed integer;
begin
  -- Who has an arm keeps it: holdout, layer and traffic are asked about newcomers only.
  if arm ->> 'assignment_id' is null then
    steps := steps || private.explain_draw(rule, scope, subject, conversation, unit);
  end if;
  steps := steps || jsonb_build_array(arm);
  failed := (select min(s.n) from jsonb_array_elements(steps) with ordinality as s (step, n)
    where not (s.step -> 'passed')::boolean);
  return jsonb_build_object(
    'experiment', jsonb_build_object('id', rule.experiment_id, 'key', rule.key), 'state', 'active',
    'applies', failed is null, 'because', steps -> failed - 1 ->> 'check',
    'steps', (select jsonb_agg(s.step order by s.n) from jsonb_array_elements(steps) with ordinality as s (step, n)
      where s.n <= coalesce(failed, s.n)));
end
$$;

comment on function private.explain_rule(private.live_rules, private.scope, text, text, jsonb) is
'Whether an active experiment takes a call, with the checks up to the first that fails.';

create or replace function private.explain_experiments(
  scope private.scope, subject text, conversation text, context jsonb
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(told.entry order by told.active desc, told.breadth, told.started_at, told.id), '[]')
    from (
      select e.id, r.experiment_id is not null as active, r.breadth, e.started_at,
        case when r.experiment_id is not null
          then private.explain_rule(r, scope, explain_experiments.subject, explain_experiments.conversation, context)
          else jsonb_build_object('experiment', jsonb_build_object('id', e.id, 'key', e.key), 'state', e.state,
            'applies', false, 'because', 'state', 'steps',
            jsonb_build_array(jsonb_build_object('check', 'state', 'passed', false, 'state', e.state))) end as entry
      from public.experiments e
      left join private.live_rules r on r.experiment_id = e.id
      where e.workspace_id = scope.workspace_id and e.environment_id = scope.environment_id
        and e.capability_id = scope.capability_id and e.state <> 'archived') as told);
end
$$;

comment on function private.explain_experiments(private.scope, text, text, jsonb) is
'Every experiment of the capability that is not archived, the active ones first, in the order in which decide asks.';

create or replace function private.explain_deployments(scope private.scope) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'deployment_id', h.deployment_id, 'action', a.key, 'intent', i.key, 'version', private.version_card(v),
      'wins', h.deployment_id = (private.live_head(scope)).deployment_id)
      order by (h.action_id is not null) desc, (h.intent_id is not null) desc), '[]')
    from private.deployment_heads h
    join public.prompt_versions v on v.id = h.prompt_version_id
    left join public.actions a on a.id = h.action_id
    left join public.intents i on i.id = h.intent_id
    where h.environment_id = scope.environment_id
      and h.capability_id = scope.capability_id
      and (h.action_id is null or h.action_id = scope.action_id)
      and (h.intent_id is null or h.intent_id = scope.intent_id));
end
$$;

comment on function private.explain_deployments(private.scope) is
'What is live at the scopes that cover a call, the most specific first: that one wins.';

create or replace function private.explain_decision(
  environment text, capability text, subject text, action text, conversation text, intent text,
  attributes jsonb, workspace_id uuid
) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  scope constant private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  context constant jsonb := private.call_context(subject, conversation, action, intent, attributes);
  choice constant private.choice := private.choose(scope, subject, conversation, context);
  decision jsonb := '{"reason": "nothing_deployed"}'::jsonb;
begin
  perform private.require_permission(tenant, 'workspace.read');
  if (choice.rule).experiment_id is not null then
    decision := private.experiment_decision(choice.rule, choice.variant_id, choice.assignment_id, scope.action_id);
  elsif (private.live_head(scope)).deployment_id is not null then
    decision := private.deployment_decision(
      scope, environment, private.is_held_out(scope.environment_id, subject));
  end if;
  return jsonb_build_object(
    'decision', decision - 'bundle',
    'experiments', private.explain_experiments(scope, subject, conversation, context),
    'deployments', private.explain_deployments(scope));
end
$$;

comment on function private.explain_decision(text, text, text, text, text, text, jsonb, uuid) is
E'What decide would answer and why, without writing anything.\nDefiner: reads the compiled rules, which are nobody''s to read.';

-- ==== sql/20_functions/ruleset.sql

create or replace function private.ruleset_etag(environment public.environments) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  -- Versions never change, so ids stand for them; each compiled rule has its digest. Whatever else is in a ruleset is here.
  return encode(sha256(convert_to(concat_ws('|', environment.id, environment.key,
    (select h.number from public.holdouts h where h.environment_id = environment.id order by h.number desc limit 1),
    (select string_agg(r.digest, ',' order by r.experiment_id) from private.live_rules r
      where r.environment_id = environment.id),
    (select string_agg(h.deployment_id::text, ',' order by h.deployment_id) from private.deployment_heads h
      where h.environment_id = environment.id and h.prompt_version_id is not null),
    (select string_agg(c.id || c.key, ',' order by c.id) from public.capabilities c
      where c.workspace_id = environment.workspace_id),
    (select string_agg(a.id || a.key, ',' order by a.id) from public.actions a
      where a.workspace_id = environment.workspace_id),
    (select string_agg(i.id || i.key, ',' order by i.id) from public.intents i
      where i.workspace_id = environment.workspace_id)), 'UTF8')), 'hex');
end
$$;

comment on function private.ruleset_etag(public.environments) is
'SHA-256 of all that a ruleset is made from: equal rulesets have equal etags, and it costs less than the ruleset.';

create or replace function private.ruleset_experiments(environment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', r.experiment_id, 'key', r.key, 'capability_id', r.capability_id,
      'action_ids', r.action_ids, 'intent_ids', r.intent_ids,
      'runs_action_ids', case when not r.runs_any_action then r.runs_action_ids end,
      'unit', case when r.by_conversation then 'conversation' else 'subject' end,
      'salt', r.salt, 'traffic', r.traffic, 'audience', e.audience,
      'layer', case when r.layer_id is not null then jsonb_build_object(
        'id', r.layer_id, 'from', r.layer_from, 'to', r.layer_to) end,
      'phase_id', r.phase_id, 'arm_ids', r.arm_ids, 'arm_starts', r.arm_starts, 'arms', r.arms)
      order by r.breadth, r.started_at, r.experiment_id), '[]')
    from private.live_rules r join public.experiments e on e.id = r.experiment_id
    where r.environment_id = ruleset_experiments.environment_id);
end
$$;

comment on function private.ruleset_experiments(uuid) is 'The active experiments of an environment, in the order in which decide asks them.';

create or replace function private.ruleset_versions(environment_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(v.id, jsonb_build_object(
      'version', private.version_card(v), 'bundle', private.bundle(v))), '{}')
    from public.prompt_versions v
    where v.id in (
      select h.prompt_version_id from private.deployment_heads h
      where h.environment_id = ruleset_versions.environment_id
      union
      select run.version_id::uuid
      from private.live_rules r, jsonb_each(r.arms) arm, jsonb_each_text(arm.value -> 'versions') as run (action, version_id)
      where r.environment_id = ruleset_versions.environment_id));
end
$$;

comment on function private.ruleset_versions(uuid) is 'Every version that an environment may answer with, once, by its id.';

create or replace function private.ruleset_catalog(workspace_id uuid) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return jsonb_build_object(
    'capabilities', (
      select coalesce(jsonb_object_agg(c.key, jsonb_build_object('id', c.id, 'actions', (
        select coalesce(jsonb_object_agg(a.key, a.id), '{}') from public.actions a where a.capability_id = c.id))), '{}')
      from public.capabilities c where c.workspace_id = ruleset_catalog.workspace_id),
    'intents', (
      select coalesce(jsonb_object_agg(i.key, i.id), '{}')
      from public.intents i where i.workspace_id = ruleset_catalog.workspace_id));
end
$$;

comment on function private.ruleset_catalog(uuid) is 'The keys that calls may name, and their ids.';

create or replace function private.ruleset(environment text, if_none_match text, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  place public.environments;
  etag text;
begin
  select e.* into place from public.environments e where e.id = private.environment_id(tenant, environment);
  etag := private.ruleset_etag(place);
  if etag = if_none_match then
    return jsonb_build_object('etag', etag, 'not_modified', true);
  end if;
  return private.ruleset_catalog(tenant) || jsonb_build_object(
    'etag', etag, 'not_modified', false,
    'environment', jsonb_build_object('id', place.id, 'key', place.key),
    'holdout', (select jsonb_build_object('share', h.share, 'salt', h.salt) from public.holdouts h
      where h.environment_id = place.id order by h.number desc limit 1),
    'layers', (select coalesce(jsonb_object_agg(l.id, l.salt), '{}') from public.layers l
      where l.id in (select r.layer_id from private.live_rules r where r.environment_id = place.id)),
    'experiments', private.ruleset_experiments(place.id),
    'deployments', (select coalesce(jsonb_agg(jsonb_build_object(
        'deployment_id', h.deployment_id, 'capability_id', h.capability_id, 'action_id', h.action_id,
        'intent_id', h.intent_id, 'version_id', h.prompt_version_id) order by h.deployment_id), '[]')
      from private.deployment_heads h where h.environment_id = place.id and h.prompt_version_id is not null),
    'versions', private.ruleset_versions(place.id));
end
$$;

comment on function private.ruleset(text, text, uuid) is
E'Everything that a local decide needs for an environment.\nDefiner: reads the compiled rules, which are nobody''s to read.';

-- ==== sql/20_functions/record_exposures.sql

create type private.exposure_row as (
  index integer, fault jsonb, r jsonb, experiment public.experiments, unit_id text, bucket integer, intent_id uuid,
  is_right boolean, exposed_at timestamptz, is_timely boolean
);

comment on type private.exposure_row is
'A row of a batch: its index, its first error, and what was found for it; right when its bucket draws the arm it names.';

create or replace function private.was_in_traffic(experiment public.experiments, unit_id text) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  bucket integer;
begin
  if experiment.state = 'active' and experiment.traffic = 10000 then
    return true;
  end if;
  bucket := private.bucket(experiment.salt, 'traffic', unit_id);
  -- Who decides by themselves may report what was drawn before the traffic was cut: the widest share that ever ran.
  return experiment.state = 'active' and bucket < experiment.traffic or exists (
    select from public.experiment_revisions r
    where r.experiment_id = experiment.id and r.state = 'active' and (r.document ->> 'traffic')::integer > bucket);
end
$$;

comment on function private.was_in_traffic(public.experiments, text) is
'Whether the experiment ever ran for a share of traffic that holds the unit: nobody widens it by reporting exposures.';

create or replace function private.exposure_references(tenant uuid, batch jsonb) returns setof private.exposure_row
language sql stable
set search_path = ''
as $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('exposure', batch) o
  )
  select o.index, o.fault, o.r, e, unit.id, drawn.bucket, i.id,
    drawn.bucket >= arm.bucket_from and drawn.bucket < arm.bucket_to and private.was_in_traffic(e, unit.id),
    at.moment, at.moment between p.started_at and private.now() + interval '5 minutes'
  from opened o
  left join public.experiments e on e.workspace_id = tenant and e.id = (o.r ->> 'experiment_id')::uuid
  left join public.intents i on i.workspace_id = tenant and i.key = o.r ->> 'intent'
  left join public.experiment_phases p on p.experiment_id = e.id and p.id = (o.r ->> 'phase_id')::uuid
  left join public.experiment_phase_arms arm on arm.phase_id = p.id and arm.variant_id = (o.r ->> 'variant_id')::uuid
  cross join lateral (
    select case when e.unit = 'conversation' then o.r ->> 'conversation' else o.r ->> 'subject' end) as unit (id)
  cross join lateral (select private.bucket(e.salt, 'variant', unit.id)) as drawn (bucket)
  cross join lateral (select coalesce((o.r ->> 'exposed_at')::timestamptz, private.now())) as at (moment)
$$;

comment on function private.exposure_references(uuid, jsonb) is
'The rows of a batch with the experiments of the workspace that they name, and whether the arm is the one the hash gives.';

create or replace function private.read_exposures(tenant uuid, batch jsonb) returns setof private.exposure_row
language sql stable
set search_path = ''
as $$
  select f.index,
    coalesce(f.fault, case
      when (f.experiment).id is null then private.fault('unknown_experiment', f.r)
      when not ((f.experiment).environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.intent_id is null and f.r ->> 'intent' is not null then private.fault('unknown_intent', f.r)
      when f.unit_id is null then private.fault('missing_field', '{"field": "conversation", "expected": "a text: the experiment assigns conversations"}')
      when f.is_right is not true then private.fault('wrong_arm', f.r)
      when not f.is_timely then private.fault('bad_field', '{"field": "exposed_at", "expected": "after the phase began, and not in the future"}')
    end),
    f.r, f.experiment, f.unit_id, f.bucket, f.intent_id, f.is_right, f.exposed_at, f.is_timely
  from private.exposure_references(tenant, batch) f
$$;

comment on function private.read_exposures(uuid, jsonb) is
'The rows of a batch with what they name, each with its first error of type, reference or arm.';

create or replace function private.land_exposures(seen private.exposure_row[]) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  landed bigint;
begin
  -- In the order of the units, so that two batches with the same rows never wait for each other.
  insert into public.assignments (workspace_id, experiment_id, phase_id, variant_id, unit_id, subject, conversation,
    intent_id, bucket, attributes, assigned_at)
  select (s.experiment).workspace_id, (s.experiment).id, (s.r ->> 'phase_id')::uuid, (s.r ->> 'variant_id')::uuid,
    s.unit_id, s.r ->> 'subject', s.r ->> 'conversation', s.intent_id, s.bucket,
    coalesce(nullif(s.r -> 'attributes', 'null'), '{}'), s.exposed_at
  from unnest(seen) s
  where s.fault is null
  order by s.unit_id, (s.experiment).id, s.exposed_at, s.index
  on conflict on constraint assignments_sticky do nothing;
  get diagnostics landed = row_count;
  return landed;
end
$$;

comment on function private.land_exposures(private.exposure_row[]) is
'Logs the first exposures of units that have no arm yet; how many they were.';

create or replace function private.record_exposures(exposures jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'decisions.make');
  seen constant private.exposure_row[] := array(select s from private.read_exposures(tenant, exposures) s);
  landed constant bigint := private.land_exposures(seen);
begin
  return (
    select private.batch_answer(
      count(*) filter (where said.fault is null), landed,
      jsonb_agg(jsonb_build_object('index', said.index) || said.fault order by said.index)
        filter (where said.fault is not null))
    from (
      select s.index, coalesce(s.fault, case when a.variant_id <> (s.r ->> 'variant_id')::uuid
        then private.fault('other_arm', jsonb_build_object('variant', v.key)) end) as fault
      from unnest(seen) s
      left join public.assignments a on s.fault is null and a.workspace_id = tenant
        and a.unit_id = s.unit_id and a.experiment_id = (s.experiment).id
      left join public.variants v on v.id = a.variant_id) as said);
end
$$;

comment on function private.record_exposures(jsonb, uuid) is
E'Logs what was decided locally, once a unit, if the hash agrees.\nDefiner: assignments are append-only and checked here, so nobody may insert them by hand.';

-- ==== sql/20_functions/record_inferences.sql

create or replace function private.inference_references(tenant uuid, batch jsonb) returns table (
  index integer, fault jsonb, r jsonb, environment_id uuid, capability_id uuid, action_id uuid, intent_id uuid,
  version_id uuid, experiment_id uuid, variant_id uuid
)
language sql stable
set search_path = ''
as $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('inference', batch) o
  )
  select o.index, o.fault, o.r, e.id, c.id, a.id, i.id, v.id, x.id, arm.id
  from opened o
  left join public.environments e on e.workspace_id = tenant and e.key = o.r ->> 'environment'
  left join public.capabilities c on c.workspace_id = tenant and c.key = o.r ->> 'capability'
  left join public.actions a on a.capability_id = c.id and a.key = o.r ->> 'action'
  left join public.intents i on i.workspace_id = tenant and i.key = o.r ->> 'intent'
  left join public.prompt_versions v on v.workspace_id = tenant and v.id = (o.r ->> 'version_id')::uuid
  left join public.experiments x on x.workspace_id = tenant and x.environment_id = e.id
    and x.id = (o.r ->> 'experiment_id')::uuid
  left join public.variants arm on arm.workspace_id = tenant and arm.id = (o.r ->> 'variant_id')::uuid
    and arm.experiment_id = x.id
$$;

comment on function private.inference_references(uuid, jsonb) is
'The rows of a batch with the ids of what they name in the workspace; null where there is no such thing.';

create type private.inference_row as (index integer, fault jsonb, r jsonb, landing public.inferences);

comment on type private.inference_row is 'A row of a batch: its index, its first error, itself, and how it would land.';

create or replace function private.read_inferences(tenant uuid, batch jsonb) returns setof private.inference_row
language sql stable
set search_path = ''
as $$
  select f.index,
    coalesce(f.fault, case
      when f.environment_id is null then private.fault('unknown_environment', f.r)
      when not (f.environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.capability_id is null then private.fault('unknown_capability', f.r)
      when f.action_id is null and f.r ->> 'action' is not null then private.fault('unknown_action', f.r)
      when f.intent_id is null and f.r ->> 'intent' is not null then private.fault('unknown_intent', f.r)
      when f.version_id is null then private.fault('unknown_version', f.r)
      when f.experiment_id is null and f.r ->> 'experiment_id' is not null then private.fault('unknown_experiment', f.r)
      when f.variant_id is null and f.r ->> 'variant_id' is not null
        then private.fault('unknown_variant', jsonb_build_object('variant', f.r ->> 'variant_id'))
    end),
    f.r,
    (
      (f.r ->> 'id')::uuid, tenant, f.environment_id, f.r ->> 'subject', f.r ->> 'conversation',
      f.capability_id, f.action_id, f.intent_id, f.version_id, f.experiment_id, f.variant_id,
      f.r ->> 'provider', f.r ->> 'requested_model', f.r ->> 'resolved_model',
      (f.r ->> 'started_at')::timestamptz, (f.r ->> 'latency_ms')::float8,
      (f.r ->> 'input_tokens')::integer, (f.r ->> 'output_tokens')::integer, (f.r ->> 'cost_usd')::float8,
      f.r ->> 'status', f.r ->> 'error_code', f.r ->> 'finish_reason', f.r ->> 'output',
      now(), pg_current_xact_id()::text::bigint
    )::public.inferences
  from private.inference_references(tenant, batch) f
$$;

comment on function private.read_inferences(uuid, jsonb) is
'The rows of a batch as they would land, each with its first error of type or reference.';

create or replace function private.land_keys(seen private.inference_row[], fresh uuid[]) returns void
language sql
set search_path = ''
begin atomic
  insert into public.outcome_keys (workspace_id, key_type, key_value, subject, conversation, seen_at)
  select (s.landing).workspace_id, k.key ->> 'type', k.key ->> 'value',
    (s.landing).subject, coalesce((s.landing).conversation, ''), min((s.landing).started_at)
  from unnest(seen) s
  cross join lateral jsonb_array_elements(coalesce(nullif(s.r -> 'keys', 'null'), '[]')) as k (key)
  where s.fault is null and (s.landing).id = any (fresh)
  group by 1, 2, 3, 4, 5
  order by 1, 2, 3, 4, 5
  on conflict (workspace_id, key_type, key_value, subject, conversation) do nothing;
end;

comment on function private.land_keys(private.inference_row[], uuid[]) is
'Keeps the business keys that came with the inferences that landed.';

create or replace function private.record_inferences(inferences jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'events.write');
  seen private.inference_row[] := array(select s from private.read_inferences(tenant, inferences) s);
  fresh uuid[];
begin
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  with landed as (
    insert into public.inferences
    select (s.landing).* from unnest(seen) s where s.fault is null order by (s.landing).id, s.index
    on conflict on constraint inferences_pkey do nothing
    returning id
  )
  select array_agg(l.id) into fresh from landed l;
  perform private.land_keys(seen, fresh);
  return (
    select private.batch_answer(
      count(*) filter (where s.fault is null), coalesce(cardinality(fresh), 0),
      jsonb_agg(jsonb_build_object('index', s.index) || s.fault order by s.index) filter (where s.fault is not null))
    from unnest(seen) s);
end
$$;

comment on function private.record_inferences(jsonb, uuid) is
E'Lands the good rows of a batch once, and says what is wrong with the others.\nDefiner: events are append-only and checked here, so nobody may insert them by hand.';

-- ==== sql/20_functions/record_outcomes.sql

create type private.outcome_row as (index integer, fault jsonb, landing public.outcomes);

comment on type private.outcome_row is 'A row of a batch: its index, its first error, and how it would land.';

create or replace function private.read_outcomes(tenant uuid, batch jsonb) returns setof private.outcome_row
language sql stable
set search_path = ''
as $$
  with opened as materialized (
    select o.index, o.fault, case when o.fault is null then o.r end as r
    from private.open_batch('outcome', batch) o
  ),
  found as (
    select o.index, o.fault, o.r, e.id as environment_id, m.id as metric_id, m.kind,
      case o.r -> 'value' when 'true' then 1 when 'false' then 0 else (o.r ->> 'value')::float8 end as value
    from opened o
    left join public.environments e on e.workspace_id = tenant and e.key = o.r ->> 'environment'
    left join public.outcome_metrics m on m.workspace_id = tenant and m.key = o.r ->> 'metric'
  )
  select f.index,
    coalesce(f.fault, case
      when f.environment_id is null then private.fault('unknown_environment', f.r)
      when not (f.environment_id = any ((select private.key_environments())::uuid[]))
        then private.fault('environment_denied', f.r)
      when f.metric_id is null then private.fault('unknown_metric', f.r)
      when f.kind = 'proportion' and f.value not in (0, 1) then private.fault('bad_proportion', f.r)
      when num_nonnulls(f.r ->> 'subject', f.r ->> 'conversation', f.r ->> 'inference_id', f.r ->> 'key') = 0
        then private.fault('no_join_key')
    end),
    (
      private.uuidv7(), tenant, f.environment_id, f.metric_id, f.value,
      f.r ->> 'subject', f.r ->> 'conversation', (f.r ->> 'inference_id')::uuid,
      f.r #>> '{key,type}', f.r #>> '{key,value}',
      (f.r ->> 'occurred_at')::timestamptz, f.r ->> 'source', f.r ->> 'source_event_id',
      now(), pg_current_xact_id()::text::bigint
    )::public.outcomes
  from found f
$$;

comment on function private.read_outcomes(uuid, jsonb) is
'The rows of a batch as they would land, each with its first error of type or reference.';

create or replace function private.record_outcomes(outcomes jsonb, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant uuid := private.authorise(workspace_id, 'events.write');
  seen private.outcome_row[] := array(select s from private.read_outcomes(tenant, outcomes) s);
  landed bigint;
begin
  -- In the order of their ids, so that two batches with the same rows never wait for each other.
  insert into public.outcomes
  select (s.landing).* from unnest(seen) s where s.fault is null
  order by (s.landing).source, (s.landing).source_event_id, (s.landing).environment_id, s.index
  on conflict on constraint outcomes_once do nothing;
  get diagnostics landed = row_count;
  -- Looked up after the insert: an event id that stands for another metric is a mistake, not a repeat.
  return (
    select private.batch_answer(
      count(*) filter (where f.fault is null), landed,
      jsonb_agg(jsonb_build_object('index', s.index) || f.fault order by s.index) filter (where f.fault is not null))
    from unnest(seen) s
    left join public.outcomes o
      on s.fault is null and o.workspace_id = tenant and o.environment_id = (s.landing).environment_id
      and o.source = (s.landing).source
      and o.source_event_id = (s.landing).source_event_id and o.metric_id <> (s.landing).metric_id
    cross join lateral (
      select case when o.id is null then s.fault else private.fault('event_id_reused', to_jsonb(o)) end) as f (fault));
end
$$;

comment on function private.record_outcomes(jsonb, uuid) is
E'Lands the good rows of a batch once, and says what is wrong with the others.\nDefiner: as record_inferences.';

-- ==== sql/20_functions/provider_keys.sql

create or replace function private.vault_name(workspace_id uuid, provider text) returns text
language sql immutable
set search_path = ''
return 'upshot/' || workspace_id::text || '/' || provider;

comment on function private.vault_name(uuid, text) is 'The name of a provider key in Vault.';

create or replace function private.set_provider_key(
  provider text, secret text, name text, workspace_id uuid
) returns public.provider_keys
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'provider_keys.write');
  secret_id uuid;
  stored public.provider_keys;
begin
  perform private.require_text('provider', provider, 100);
  perform private.require_text('secret', secret, 10000);
  insert into public.provider_keys (workspace_id, provider, name, hint, created_by)
  values (tenant, provider, coalesce(name, provider),
    '…' || case when length(secret) >= 16 then right(secret, 4) else '' end, auth.uid())
  on conflict on constraint provider_keys_one_per_provider do update
    set name = excluded.name, hint = excluded.hint, rotated_at = private.now(),
      test_requested_at = null, last_tested_at = null, test_status = null, test_error_code = null
  returning * into stored;
  select s.id into secret_id from vault.secrets s where s.name = private.vault_name(tenant, provider);
  if secret_id is null then
    perform vault.create_secret(secret, private.vault_name(tenant, provider), 'Upshot: a key of a language-model provider');
  else
    perform vault.update_secret(secret_id, secret);
  end if;
  return stored;
end
$$;

comment on function private.set_provider_key(text, text, text, uuid) is
E'Puts a provider''s key in Vault, or replaces it.\nDefiner: users have no right in Vault, and must not.';

create or replace function private.provider_key(workspace_id uuid, provider text) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  secret text;
begin
  select s.decrypted_secret into secret from vault.decrypted_secrets s
  where s.name = private.vault_name(workspace_id, provider);
  if secret is null then
    perform private.fail('unknown_provider_key', jsonb_build_object('provider', provider));
  end if;
  return secret;
end
$$;

comment on function private.provider_key(uuid, text) is
E'A provider''s key in the clear, for the worker alone.\nDefiner: the worker''s role reads this one name, not all of Vault.';

create or replace function private.lock_provider_key(provider text, workspace_id uuid) returns public.provider_keys
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'provider_keys.write');
  locked public.provider_keys;
begin
  select k.* into locked from public.provider_keys k
  where k.workspace_id = tenant and k.provider = provider for update;
  if locked.id is null then
    perform private.fail('unknown_provider_key', jsonb_build_object('provider', provider));
  end if;
  return locked;
end
$$;

comment on function private.lock_provider_key(text, uuid) is
'The row of a provider''s key, locked; raises for strangers, missing permissions, and a provider without one.';

create or replace function private.test_provider_key(provider text, workspace_id uuid) returns public.provider_keys
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tested public.provider_keys := private.lock_provider_key(provider, workspace_id);
begin
  -- Asked again within a minute while the answer is still to come: the job is under way.
  if tested.test_requested_at > coalesce(tested.last_tested_at, '-infinity')
    and tested.test_requested_at > private.now() - interval '1 minute' then
    return tested;
  end if;
  update public.provider_keys k set test_requested_at = private.now() where k.id = tested.id returning k.* into tested;
  perform private.enqueue('test_provider_key', jsonb_build_object(
    'workspace_id', tested.workspace_id, 'provider', tested.provider, 'rotated_at', tested.rotated_at));
  return tested;
end
$$;

comment on function private.test_provider_key(text, uuid) is
E'Has a worker try a provider''s key.\nDefiner: nobody may write the queue or these columns by hand.';

create or replace function private.record_provider_key_test(
  workspace_id uuid, provider text, rotated_at timestamptz, error_code text
) returns boolean
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- What is known of a key that has been replaced says nothing of the new one.
  update public.provider_keys k
  set last_tested_at = private.now(), test_error_code = error_code,
    test_status = case when error_code is null then 'ok' else 'error' end
  where k.workspace_id = workspace_id and k.provider = provider and k.rotated_at = rotated_at;
  return found;
end
$$;

comment on function private.record_provider_key_test(uuid, text, timestamptz, text) is
E'What a worker found when it tried a key; false when the key has been replaced or deleted since.\nDefiner: nobody may write these columns by hand.';

create or replace function private.runs_with(provider text, workspace_id uuid) returns bigint
language sql stable
set search_path = ''
as $$
  select count(distinct q.message #>> '{payload,run_id}')
  from pgmq.q_jobs q
  cross join lateral jsonb_array_elements(q.message #> '{payload,items}') as item
  join public.prompt_versions v on v.id = (item ->> 'version_id')::uuid
  where q.message ->> 'kind' = 'run_chunk'
    and q.message #>> '{payload,workspace_id}' = runs_with.workspace_id::text
    and v.provider = runs_with.provider
$$;

comment on function private.runs_with(text, uuid) is 'How many runs wait in the queue that need a provider''s key.';

create or replace function private.delete_provider_key(provider text, force boolean, workspace_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  doomed public.provider_keys := private.lock_provider_key(provider, workspace_id);
  waiting bigint := private.runs_with(doomed.provider, doomed.workspace_id);
begin
  if waiting > 0 and not coalesce(force, false) then
    perform private.fail('provider_key_in_use', jsonb_build_object('provider', provider, 'runs', waiting));
  end if;
  delete from vault.secrets s where s.name = private.vault_name(doomed.workspace_id, doomed.provider);
  delete from public.provider_keys k where k.id = doomed.id;
  return jsonb_build_object('provider', doomed.provider, 'runs_waiting', waiting);
end
$$;

comment on function private.delete_provider_key(text, boolean, uuid) is
E'Removes a provider''s key from Vault, and its row.\nDefiner: users have no right in Vault, and must not.';

-- ==== sql/20_functions/jobs.sql

create or replace function private.enqueue(kind text, payload jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  job bigint := (select s from pgmq.send('jobs', jsonb_build_object('kind', kind, 'payload', payload)) s);
begin
  perform realtime.send(jsonb_build_object('job_id', job, 'kind', kind), 'job_queued', 'jobs', true);
  return job;
end
$$;

comment on function private.enqueue(text, jsonb) is 'Queues a job in this transaction and wakes the workers when it commits.';

create or replace function private.claim_jobs(quantity integer, lease_seconds integer)
returns table (job_id bigint, kind text, payload jsonb, attempt integer, enqueued_at timestamptz)
language plpgsql security definer
set search_path = ''
as $$
begin
  if quantity not between 1 and 100 or lease_seconds not between 1 and 3600 then
    perform private.fail('bad_argument',
      '{"argument": "quantity and lease_seconds", "expected": "1 to 100 jobs and 1 to 3600 seconds"}');
  end if;
  return query
    select m.msg_id, m.message ->> 'kind', m.message -> 'payload', m.read_ct, m.enqueued_at
    from pgmq.read('jobs', lease_seconds, quantity) m;
end
$$;

comment on function private.claim_jobs(integer, integer) is
E'Leases jobs: nobody else sees them until the lease ends.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.extend_job(job_id bigint, lease_seconds integer) returns boolean
language sql security definer
set search_path = ''
begin atomic
  select count(*) > 0 from pgmq.set_vt('jobs', job_id, lease_seconds);
end;

comment on function private.extend_job(bigint, integer) is
E'Prolongs a lease from now on; false when the job is gone.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.complete_job(job_id bigint) returns boolean
language sql security definer
set search_path = ''
begin atomic
  select pgmq.archive('jobs', job_id);
end;

comment on function private.complete_job(bigint) is
E'Takes a finished job out of the queue into its archive; false when it is gone.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.fail_job(
  job_id bigint, error_code text, error_message text, retry_in_seconds integer
) returns boolean
language plpgsql security definer
set search_path = ''
as $$
declare
  job record;
begin
  -- A poison message still has to leave the queue: whatever it lacks is noted as absent.
  select q.read_ct, q.message ->> 'kind' as kind, coalesce(q.message -> 'payload', q.message, 'null') as payload into job
  from pgmq.q_jobs q where q.msg_id = job_id for update;
  if not found then
    return false;
  end if;
  insert into public.job_failures (workspace_id, job_id, kind, payload, attempt, error_code, error_message, is_dead)
  values ((select w.id from public.workspaces w where w.id = private.as_uuid(job.payload ->> 'workspace_id')),
    job_id, job.kind, job.payload, job.read_ct,
    error_code, error_message, retry_in_seconds is null);
  if retry_in_seconds is null then
    perform private.bury_run_chunk(job.payload, job.read_ct, error_code, error_message) where job.kind = 'run_chunk';
    perform pgmq.archive('jobs', job_id);
  else
    perform pgmq.set_vt('jobs', job_id, retry_in_seconds);
  end if;
  return true;
end
$$;

comment on function private.fail_job(bigint, text, text, integer) is
E'Notes a failed attempt; the job comes back after so many seconds, or never when that is null.\nDefiner: the queue''s schema is closed to the API''s roles.';

-- ==== sql/20_functions/runs.sql

create or replace function private.run_items(version_ids uuid[], test_case_ids uuid[], repeats integer)
returns table (workspace_id uuid, version_id uuid, test_case_id uuid, repeat integer)
language sql stable
set search_path = ''
as $$
  select v.workspace_id, v.id, t.id, r
  from public.prompt_versions v
  join public.test_cases t on t.workspace_id = v.workspace_id
    and (t.id = any (test_case_ids) or (test_case_ids is null and t.prompt_id = v.prompt_id))
  cross join generate_series(1, repeats) r
  where v.id = any (version_ids)
  order by v.id, t.id, r
$$;

comment on function private.run_items(uuid[], uuid[], integer) is
'The calls of a run: each version with each named test case, or with all of its own prompt''s.';

create or replace function private.check_run(
  version_ids uuid[], test_case_ids uuid[], repeats integer, tenant uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  stranger uuid;
begin
  if coalesce(cardinality(version_ids), 0) not between 1 and 100 or repeats not between 1 and 100 or repeats is null then
    perform private.fail('bad_argument',
      '{"argument": "version_ids and repeats", "expected": "1 to 100 ids and 1 to 100 repeats"}');
  end if;
  select w into stranger from unnest(version_ids) w
  where not exists (select from public.prompt_versions v where v.id = w and v.workspace_id = tenant) limit 1;
  if found then
    perform private.fail('unknown_version', jsonb_build_object('version_id', stranger));
  end if;
  select w into stranger from unnest(test_case_ids) w
  where not exists (select from public.test_cases t where t.id = w and t.workspace_id = tenant) limit 1;
  if found then
    perform private.fail('unknown_test_case', jsonb_build_object('test_case_id', stranger));
  end if;
end
$$;

comment on function private.check_run(uuid[], uuid[], integer, uuid) is
'Raises unless every version and test case is the workspace''s own and the numbers are in range.';

create or replace function private.enqueue_run(run public.runs, version_ids uuid[], test_case_ids uuid[], repeats integer)
returns void
language sql
set search_path = ''
begin atomic
  -- Chunks of twenty calls: small enough to lose little when a worker dies, large enough to share one round trip.
  select private.enqueue('run_chunk', jsonb_build_object(
    'run_id', (run).id, 'workspace_id', (run).workspace_id, 'items', chunk.items))
  from (
    select jsonb_agg(jsonb_build_object(
      'version_id', i.version_id, 'test_case_id', i.test_case_id, 'repeat', i.repeat) order by i.place) as items
    from (
      select x.*, row_number() over () as place from private.run_items(version_ids, test_case_ids, repeats) x
    ) as i
    group by (i.place - 1) / 20
  ) as chunk;
end;

comment on function private.enqueue_run(public.runs, uuid[], uuid[], integer) is 'Queues the calls of a run in chunks.';

create or replace function private.create_run(
  version_ids uuid[], test_case_ids uuid[], repeats integer, name text, workspace_id uuid
) returns public.runs
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'runs.write');
  calls integer;
  run public.runs;
begin
  perform private.check_run(version_ids, test_case_ids, repeats, tenant);
  calls := (select count(*) from private.run_items(version_ids, test_case_ids, repeats));
  if calls not between 1 and 100000 then
    perform private.fail(case calls when 0 then 'nothing_to_run' else 'bad_argument' end,
      '{"argument": "version_ids, test_case_ids and repeats", "expected": "at most 100,000 calls together"}');
  end if;
  insert into public.runs (workspace_id, name, total, created_by)
  values (tenant, coalesce(name, format('%s versions, %s calls', cardinality(version_ids), calls)), calls, auth.uid())
  returning * into run;
  perform private.enqueue_run(run, version_ids, test_case_ids, repeats);
  return run;
end
$$;

comment on function private.create_run(uuid[], uuid[], integer, text, uuid) is
E'Makes a run and queues its calls in the same transaction.\nDefiner: the queue''s schema is closed to the API''s roles.';

create or replace function private.run_work(run_id uuid, items jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'version_id', v.id, 'test_case_id', t.id, 'repeat', i.repeat,
    'bundle', private.bundle(v), 'variables', t.variables, 'expected', t.expected) order by v.id, t.id, i.repeat), '[]')
  from public.runs r
  cross join lateral jsonb_to_recordset(items) as i (version_id uuid, test_case_id uuid, repeat integer)
  join public.prompt_versions v on v.workspace_id = r.workspace_id and v.id = i.version_id
  join public.test_cases t on t.workspace_id = r.workspace_id and t.id = i.test_case_id
  where r.id = run_work.run_id
    and not exists (
      select from public.run_results s
      where s.run_id = r.id and s.version_id = v.id and s.test_case_id = t.id and s.repeat = i.repeat)
$$;

comment on function private.run_work(uuid, jsonb) is
'What the worker needs for the items that have no result yet: bundle, variables, expected.';

create or replace function private.count_results(run_id uuid, landed integer, failures integer) returns void
language sql
set search_path = ''
begin atomic
  update public.runs r set
    done = r.done + landed,
    failed = r.failed + failures,
    state = case when r.done + landed = r.total then 'done' else 'running' end,
    finished_at = case when r.done + landed = r.total then private.now() end
  where r.id = count_results.run_id and landed > 0;
end;

comment on function private.count_results(uuid, integer, integer) is 'Adds results to a run''s counts and ends it with the last.';

create or replace function private.record_run_results(run_id uuid, results jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := (select r.workspace_id from public.runs r where r.id = run_id for no key update);
  fault jsonb := (select b.fault from private.open_batch('result', results) b where b.fault is not null limit 1);
  landed integer;
  failures integer;
begin
  if tenant is null then
    perform private.fail('unknown_run', jsonb_build_object('run_id', run_id));
  elsif fault is not null then
    raise exception using errcode = 'PT422', message = fault ->> 'message', hint = fault ->> 'hint', detail = fault::text;
  end if;
  with fresh as (
    insert into public.run_results (
      workspace_id, run_id, version_id, test_case_id, repeat, status, output, finish_reason, latency_ms,
      input_tokens, output_tokens, cost_usd, error_code, error_message, attempts)
    select tenant, run_id, x.version_id, x.test_case_id, x.repeat, x.status, x.output, x.finish_reason, x.latency_ms,
      x.input_tokens, x.output_tokens, x.cost_usd, x.error_code, x.error_message, coalesce(x.attempts, 1)
    from jsonb_populate_recordset(null::public.run_results, results) x
    on conflict on constraint run_results_once do nothing
    returning status
  )
  select count(*), count(*) filter (where f.status = 'error') into landed, failures from fresh f;
  perform private.count_results(run_id, landed, failures);
  return jsonb_build_object('accepted', landed, 'duplicates', jsonb_array_length(results) - landed);
end
$$;

comment on function private.record_run_results(uuid, jsonb) is
E'Keeps results once each and counts them into the run.\nDefiner: results are append-only, and no role may insert them by hand.';

create or replace function private.readable_items(payload jsonb) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(i), '[]')
  from jsonb_array_elements(case jsonb_typeof(payload -> 'items') when 'array' then payload -> 'items' end) i
  where pg_input_is_valid(i ->> 'version_id', 'uuid')
    and pg_input_is_valid(i ->> 'test_case_id', 'uuid')
    and i ->> 'repeat' ~ '^[1-9]\d{0,8}$'
$$;

comment on function private.readable_items(jsonb) is
'The items of a job that name a call. Other things in its payload, or no payload at all, are passed over.';

create or replace function private.bury_run_chunk(
  payload jsonb, attempts integer, error_code text, error_message text
) returns void
language sql
set search_path = ''
begin atomic
  -- A call that will never be made still ends its run: it gets the job's error as its result.
  select private.record_run_results(r.id, buried.results)
  from public.runs r
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object(
      'version_id', w -> 'version_id', 'test_case_id', w -> 'test_case_id', 'repeat', w -> 'repeat',
      'status', 'error', 'error_code', error_code, 'error_message', error_message, 'attempts', attempts)), '[]') as results
    from (
      -- Never more than the run still waits for, nor than a batch may hold.
      select w from jsonb_array_elements(private.run_work(r.id, private.readable_items(payload))) w
      limit least(r.total - r.done, 10000)
    ) as unanswered
  ) as buried
  where r.id = private.as_uuid(payload ->> 'run_id');
end;

comment on function private.bury_run_chunk(jsonb, integer, text, text) is
'Gives the calls of a dead job that have no result the job''s error; a payload that names no run has none.';

-- ==== sql/20_functions/audit.sql

-- What the audit log keeps of each public table. One line a table: a table without one fails the catalogue's test.
create or replace view private.audited with (security_invoker = true) as
select listed.table_name, listed.mode, listed.secrets, listed.silent
from (values
  -- table, rows (each with before and after) or batch (one event a statement),
  -- columns that nobody may read in the log, columns whose change alone is no event
  ('actions', 'rows', '{}'::text[], '{}'::text[]),
  ('api_keys', 'rows', '{}', '{}'),
  ('approval_requests', 'rows', '{}', '{}'),
  ('approval_reviews', 'rows', '{}', '{}'),
  ('approval_rules', 'rows', '{}', '{}'),
  ('branches', 'rows', '{}', '{}'),
  ('capabilities', 'rows', '{}', '{}'),
  ('changes', 'rows', '{}', '{}'),
  ('comments', 'rows', '{}', '{}'),
  ('deployments', 'rows', '{}', '{}'),
  ('environments', 'rows', '{}', '{}'),
  ('experiment_actions', 'rows', '{}', '{}'),
  ('experiment_intents', 'rows', '{}', '{}'),
  ('experiment_metrics', 'rows', '{}', '{}'),
  ('experiment_phase_arms', 'rows', '{}', '{}'),
  ('experiment_phases', 'rows', '{}', '{}'),
  ('experiment_results', 'batch', '{}', '{}'),
  ('experiment_templates', 'rows', '{}', '{}'),
  ('experiments', 'rows', '{}', '{}'),
  ('factor_levels', 'rows', '{}', '{}'),
  ('factors', 'rows', '{}', '{}'),
  ('inferences', 'batch', '{}', '{}'),
  ('holdouts', 'rows', '{}', '{}'),
  ('intent_examples', 'rows', '{}', '{}'),
  ('intents', 'rows', '{}', '{}'),
  ('invitations', 'rows', '{}', '{}'),
  ('job_failures', 'batch', '{}', '{}'),
  ('layers', 'rows', '{}', '{}'),
  ('members', 'rows', '{}', '{}'),
  ('outcome_keys', 'batch', '{}', '{}'),
  ('outcome_metrics', 'rows', '{}', '{}'),
  ('outcomes', 'batch', '{}', '{}'),
  ('prompt_template_versions', 'rows', '{}', '{}'),
  ('prompt_templates', 'rows', '{}', '{}'),
  ('prompt_versions', 'rows', '{}', '{}'),
  ('prompts', 'rows', '{}', '{}'),
  ('provider_keys', 'rows', '{}', '{}'),
  ('ramp_steps', 'rows', '{}', '{}'),
  ('ramps', 'rows', '{}', '{}'),
  ('role_permissions', 'rows', '{}', '{}'),
  ('roles', 'rows', '{}', '{}'),
  ('run_results', 'batch', '{}', '{}'),
  ('runs', 'rows', '{}', '{}'),
  ('tag_moves', 'rows', '{}', '{}'),
  ('tags', 'rows', '{}', '{}'),
  ('test_cases', 'rows', '{}', '{}'),
  ('variant_levels', 'rows', '{}', '{}'),
  ('variant_rollbacks', 'rows', '{}', '{}'),
  ('variant_versions', 'rows', '{}', '{}'),
  ('variants', 'rows', '{}', '{}'),
  ('workspaces', 'rows', '{}', '{}')
) as listed (table_name, mode, secrets, silent);

comment on view private.audited is 'One row per public table whose writes are in the audit log: how, and which columns are kept out.';

create or replace view private.audit_exempt with (security_invoker = true) as
select listed.table_name, listed.reason
from (values
  ('api_key_uses', 'When a key was last used: a clock that the gate moves, not a write of anybody.'),
  ('assignments', 'Append-only, and each row names its actor: it is its own record. A second one would slow decide by two fifths.'),
  ('audit_events', 'The log itself.'),
  ('experiment_revisions', 'A log itself: what the experiment was at each revision, and whose it is.'),
  ('experiment_moves', 'Reference data: the same for all workspaces, written by migrations alone.'),
  ('notification_mutes', 'A person''s own: who reads the log has no business with what somebody has muted.'),
  ('notification_preferences', 'A person''s own: as notification_mutes.'),
  ('notifications', 'Written by triggers about events that are in the log; when somebody reads them is their own affair.'),
  ('permissions', 'Reference data: the same for all workspaces, written by migrations alone.')
) as listed (table_name, reason);

comment on view private.audit_exempt is 'One row per public table that is not in the audit log, with the reason.';

create or replace function private.actor_label(kind text, id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return case kind
    when 'user' then (select coalesce(nullif(u.email, ''), nullif(u.phone, '')) from auth.users u where u.id = actor_label.id)
    when 'api_key' then (select k.name from public.api_keys k where k.id = actor_label.id)
  end;
end
$$;

comment on function private.actor_label(text, uuid) is 'What an actor is called now: a person''s mail address, a key''s name.';

create or replace function private.audit_position(taken integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  before constant integer := coalesce(nullif(current_setting('upshot.audit_position', true), '')::integer, 0);
begin
  perform set_config('upshot.audit_position', (before + taken)::text, true);
  return before;
end
$$;

comment on function private.audit_position(integer) is 'Takes so many places in the transaction''s order of events; returns how many were taken before.';

create or replace function private.audit_entry(
  table_name text, operation text, row_count integer
) returns public.audit_events
language plpgsql
set search_path = ''
as $$
declare
  entry public.audit_events;
begin
  entry.occurred_at := private.now();
  entry.actor_kind := private.actor_kind();
  entry.actor_id := private.actor_id();
  if entry.actor_kind = 'user' and entry.actor_id is null then
    -- A role of the platform, say the one that deletes accounts: no person is signed in.
    entry.actor_kind := 'system';
  end if;
  entry.actor_label := private.actor_label(entry.actor_kind, entry.actor_id);
  entry.request_id := private.request_id();
  entry.position := private.audit_position(row_count);
  entry.verb := substring(current_setting('request.path', true) from '/rpc/([a-z0-9_]+)$');
  entry.operation := lower(operation);
  entry.table_name := table_name;
  return entry;
end
$$;

comment on function private.audit_entry(text, text, integer) is
'What all events of a statement share: actor, request, verb, table; position is the number of events before it.';

create or replace function private.audit_pairs(keys text[], before_rows jsonb[], after_rows jsonb[])
returns table (row_key jsonb, before jsonb, after jsonb, changed text[])
language plpgsql immutable
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
as $$
begin
  if before_rows is null or after_rows is null then
    return query select (select jsonb_object_agg(k, r -> k) from unnest(keys) k),
      case when after_rows is null then r end, case when before_rows is null then r end, '{}'::text[]
    from unnest(coalesce(before_rows, after_rows)) r;
    return;
  end if;
  return query
  with old as (
    select (select jsonb_object_agg(k, r -> k) from unnest(keys) k) as key, r from unnest(before_rows) r
  ),
  fresh as (
    select (select jsonb_object_agg(k, r -> k) from unnest(keys) k) as key, r from unnest(after_rows) r
  )
  select coalesce(fresh.key, old.key), old.r, fresh.r,
    case when old.r is null or fresh.r is null then '{}' else array(
      select f.key from jsonb_each(fresh.r) f where f.value is distinct from old.r -> f.key order by f.key) end
  from old full join fresh on fresh.key = old.key;
end
$$;

comment on function private.audit_pairs(text[], jsonb[], jsonb[]) is
'The rows of a statement, before beside after by their primary key, with the columns that differ.';

create or replace function private.audit_rows(
  table_name text, operation text, keys text[], secrets text[], silent text[], before_rows jsonb[], after_rows jsonb[]
) returns void
language plpgsql
set search_path = ''
-- Planned once: for lists of any length it would be planned at every write.
set plan_cache_mode = 'force_generic_plan'
as $$
declare
  mask constant jsonb := coalesce((select jsonb_object_agg(s, '[redacted]') from unnest(secrets) s), '{}');
  id_column constant text := coalesce(
    (select k from unnest(keys) k where k = 'id'), (select k from unnest(keys) k where k <> 'workspace_id' limit 1));
  entry public.audit_events;
begin
  if coalesce(cardinality(before_rows), 0) + coalesce(cardinality(after_rows), 0) = 0 then
    return;
  end if;
  entry := private.audit_entry(table_name, operation, greatest(cardinality(before_rows), cardinality(after_rows)));
  insert into public.audit_events (
    workspace_id, occurred_at, actor_kind, actor_id, actor_label, request_id, position, verb, operation, table_name,
    row_id, row_key, changed, before, after)
  select w.workspace_id, entry.occurred_at, entry.actor_kind, entry.actor_id, entry.actor_label, entry.request_id,
    entry.position + row_number() over (), entry.verb, entry.operation, entry.table_name,
    case when pg_input_is_valid(p.row_key ->> id_column, 'uuid') then (p.row_key ->> id_column)::uuid end, p.row_key, p.changed, p.before || mask, p.after || mask
  from private.audit_pairs(keys, before_rows, after_rows) p
  cross join lateral (
    select (coalesce(p.after, p.before) ->> case entry.table_name when 'workspaces' then 'id' else 'workspace_id' end)::uuid
  ) as w (workspace_id)
  where w.workspace_id is not null
    -- An update that changes nothing, or nothing but a clock, is no event.
    and (p.before is null or p.after is null or not p.changed <@ silent);
end
$$;

comment on function private.audit_rows(text, text, text[], text[], text[], jsonb[], jsonb[]) is
'Appends one event for each row that a statement wrote, secrets masked.';

create or replace function private.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  before_set jsonb[];
  after_set jsonb[];
begin
  -- The transition tables exist only for the operations that have them.
  if tg_op <> 'INSERT' then
    before_set := array(select to_jsonb(r) from before_rows r);
  end if;
  if tg_op <> 'DELETE' then
    after_set := array(select to_jsonb(r) from after_rows r);
  end if;
  perform private.audit_rows(
    tg_table_name, tg_op, tg_argv[0]::text[], tg_argv[1]::text[], tg_argv[2]::text[], before_set, after_set);
  return null;
end
$$;

comment on function private.tg_audit() is
E'Writes what a statement did into the audit log, one event a row. Arguments: key columns, secret ones, silent ones.\nDefiner: the log is append-only and nobody inserts into it by hand.';

create or replace function private.audit_batch(
  table_name text, operation text, tenant uuid, quantity bigint, first_id text, last_id text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  entry constant public.audit_events := private.audit_entry(table_name, operation, 1);
begin
  insert into public.audit_events (
    workspace_id, occurred_at, actor_kind, actor_id, actor_label, request_id, position, verb, operation, table_name,
    row_id, row_count, after)
  values (
    tenant, entry.occurred_at, entry.actor_kind, entry.actor_id, entry.actor_label, entry.request_id,
    entry.position + 1, entry.verb, entry.operation, entry.table_name,
    case quantity when 1 then first_id::uuid end, quantity,
    jsonb_strip_nulls(jsonb_build_object('rows', quantity, 'first_id', first_id, 'last_id', last_id)));
end
$$;

comment on function private.audit_batch(text, text, uuid, bigint, text, text) is
'Appends the one event of a statement that added rows of evidence to a workspace.';

create or replace function private.tg_audit_batch() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_argv[0]::text[] = '{id}' then
    perform private.audit_batch(tg_table_name, tg_op, x.tenant, x.quantity, x.first_id, x.last_id)
    from (
      select r.workspace_id as tenant, count(*) as quantity, min(r.id::text) as first_id, max(r.id::text) as last_id
      from after_rows r where r.workspace_id is not null group by r.workspace_id
    ) as x;
  else
    perform private.audit_batch(tg_table_name, tg_op, x.tenant, x.quantity, null, null)
    from (select r.workspace_id as tenant, count(*) as quantity from after_rows r group by r.workspace_id) as x;
  end if;
  return null;
end
$$;

comment on function private.tg_audit_batch() is
E'Writes one event for a statement that adds evidence: how many rows, and between which ids. Argument: key columns.\nDefiner: as tg_audit.';

-- ==== sql/20_functions/approvals.sql

-- What needs an approval, and whether it has one. The answer is always taken at the moment of the act: the rule that
-- holds then, the content that would happen then, and reviewers who may review then.
create or replace function private.approval_rule(workspace_id uuid, act text, environment_id uuid)
returns public.approval_rules
language plpgsql stable
set search_path = ''
as $$
declare
  rule public.approval_rules;
begin
  select r.* into rule from public.approval_rules r
  where r.workspace_id = approval_rule.workspace_id and r.act = approval_rule.act
    and (r.environment_id is null or r.environment_id = approval_rule.environment_id)
  order by r.environment_id nulls last
  limit 1;
  return rule;
end
$$;

comment on function private.approval_rule(uuid, text, uuid) is
'The rule for an act in an environment: its own, else the one for all environments; null when there is none.';

create or replace function private.publication_hash(scope private.scope, version_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return encode(sha256(convert_to(jsonb_build_object(
    'environment_id', scope.environment_id, 'capability_id', scope.capability_id, 'action_id', scope.action_id,
    'intent_id', scope.intent_id, 'version_id', version_id)::text, 'UTF8')), 'hex');
end
$$;

comment on function private.publication_hash(private.scope, uuid) is
'SHA-256, in hex, of a publication: this version at this scope. Versions are immutable, so their id is their content.';

create or replace function private.counted_approvals(request public.approval_requests, rule public.approval_rules)
returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select count(*)
    from (
      select distinct on (v.reviewer_id) v.reviewer_id, v.decision
      from public.approval_reviews v
      where v.workspace_id = request.workspace_id and v.request_id = request.id
      order by v.reviewer_id, v.id desc) as verdict
    join public.members m on m.workspace_id = request.workspace_id and m.user_id = verdict.reviewer_id
    join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
      and p.permission = coalesce(rule.permission, private.review_permission(request.act))
    where verdict.decision = 'approve'
      and (coalesce(rule.allow_self, false) or not verdict.reviewer_id = any (request.authors)));
end
$$;

comment on function private.counted_approvals(public.approval_requests, public.approval_rules) is
'Reviewers who approve now and may review now: who has left, or lost the permission, counts no more.';

create or replace function private.review_permission(act text) returns text
language plpgsql immutable
set search_path = ''
as $$
begin
  return case act when 'experiments.activate' then 'experiments.approve' else 'deployments.approve' end;
end
$$;

comment on function private.review_permission(text) is 'What a reviewer of an act must hold where no rule says otherwise.';

create or replace function private.require_approval(
  workspace_id uuid, act text, environment_id uuid, object_id uuid, content_hash text
) returns void
language plpgsql
set search_path = ''
as $$
declare
  rule constant public.approval_rules := private.approval_rule(workspace_id, act, environment_id);
  request public.approval_requests;
  given integer;
begin
  if coalesce(rule.approvals, 0) = 0 then
    return;
  end if;
  -- Locked: a reviewer who changes their mind at this moment is either before the act or after it.
  select q.* into request from public.approval_requests q
  where q.workspace_id = require_approval.workspace_id and q.act = require_approval.act
    and q.environment_id = require_approval.environment_id
    and q.content_hash = require_approval.content_hash
    and coalesce(q.experiment_id, q.prompt_version_id) = object_id
    and q.state in ('open', 'approved') and q.used_at is null
  for no key update;
  given := case when request.id is null then 0 else private.counted_approvals(request, rule) end;
  if given < rule.approvals then
    perform private.fail('approval_required', jsonb_build_object(
      'act', act, 'given', given, 'needed', rule.approvals, 'permission', rule.permission, 'request_id', request.id));
  elsif act = 'deployments.publish' then
    update public.approval_requests q set used_at = private.now() where q.id = request.id;
  end if;
end
$$;

comment on function private.require_approval(uuid, text, uuid, uuid, text) is
'Raises approval_required unless no rule asks for one, or enough reviewers approve of exactly this content now. A publication uses its approval up.';

create or replace function private.step_experiment(experiment_id uuid, verb text) returns public.experiments
language plpgsql
set search_path = ''
as $$
declare
  moved public.experiments;
begin
  update public.experiments e set state = m.to_state
  from public.experiment_moves m
  where e.id = step_experiment.experiment_id and m.verb = step_experiment.verb and m.from_state = e.state
  returning e.* into moved;
  return moved;
end
$$;

comment on function private.step_experiment(uuid, text) is
'Makes a move that a review brings with it, if the experiment''s state allows it; null when it does not.';

create or replace function private.standing_request(
  workspace_id uuid, act text, content_hash text
) returns public.approval_requests
language plpgsql stable
set search_path = ''
as $$
declare
  request public.approval_requests;
begin
  select q.* into request from public.approval_requests q
  where q.workspace_id = standing_request.workspace_id and q.act = standing_request.act
    and q.content_hash = standing_request.content_hash
    and q.state in ('open', 'approved') and q.used_at is null;
  return request;
end
$$;

comment on function private.standing_request(uuid, text, text) is
'The request for this content that is neither closed nor used; null when there is none.';

create or replace function private.open_request(request public.approval_requests) returns public.approval_requests
language plpgsql
set search_path = ''
as $$
declare
  made public.approval_requests;
  actor constant uuid := private.actor_id();
begin
  insert into public.approval_requests (
    workspace_id, act, environment_id, experiment_id, capability_id, action_id, intent_id, prompt_version_id,
    content_hash, revision, message, requested_kind, requested_by, authors)
  select request.workspace_id, request.act, request.environment_id, request.experiment_id, request.capability_id,
    request.action_id, request.intent_id, request.prompt_version_id, request.content_hash, request.revision,
    coalesce(request.message, ''), private.actor_kind(), actor,
    array(select distinct a from unnest(request.authors || actor || array(
      select k.created_by from public.api_keys k
      where k.workspace_id = request.workspace_id and k.id = any (request.authors || actor))) a
      where a is not null order by a)
  on conflict do nothing
  returning * into made;
  if made.id is null then
    made := private.standing_request(request.workspace_id, request.act, request.content_hash);
  end if;
  return made;
end
$$;

comment on function private.open_request(public.approval_requests) is
'Opens a request, or returns the one that stands for the same content.';

create or replace function private.experiment_authors(experiment public.experiments) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
begin
  return experiment.created_by || array(
    select distinct r.actor_id
    from (
      select v.actor_id, v.content_hash is distinct from lag(v.content_hash) over (order by v.revision) as is_edit
      from public.experiment_revisions v
      where v.experiment_id = experiment.id) as r
    where r.is_edit and r.actor_id is not null);
end
$$;

comment on function private.experiment_authors(public.experiments) is
'Who made the experiment and who changed what defines it: people, and API keys by their own ids.';

create or replace function private.version_authors(workspace_id uuid, version_id uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
begin
  -- The version names people alone; which key committed it, the audit log knows.
  return array(
    select v.created_by from public.prompt_versions v where v.id = version_id and v.created_by is not null
    union
    select e.actor_id from public.audit_events e
    where e.workspace_id = version_authors.workspace_id and e.row_id = version_id
      and e.table_name = 'prompt_versions' and e.operation = 'insert' and e.actor_id is not null);
end
$$;

comment on function private.version_authors(uuid, uuid) is 'Who committed a version: a person, or an API key by its id.';

-- ==== sql/20_functions/approval_verbs.sql

create or replace function private.request_card(request public.approval_requests) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  rule constant public.approval_rules := private.approval_rule(request.workspace_id, request.act, request.environment_id);
begin
  return to_jsonb(request) || jsonb_build_object(
    'request_id', request.id,
    'approvals_given', private.counted_approvals(request, rule),
    'approvals_needed', coalesce(rule.approvals, 0),
    'permission', coalesce(rule.permission, private.review_permission(request.act)),
    'experiment', (select jsonb_build_object('experiment_id', e.id, 'state', e.state, 'revision', e.revision)
      from public.experiments e where e.id = request.experiment_id));
end
$$;

comment on function private.request_card(public.approval_requests) is
'A request as the verbs return it: its row, how many approvals it has and needs, and where its experiment stands.';

create or replace function private.submit_for_approval(
  experiment_id uuid, expected_revision integer, message text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  experiment public.experiments := private.lock_experiment(
    experiment_id, expected_revision, 'experiments.write', workspace_id);
  blockers constant jsonb := private.experiment_blockers(experiment);
  wanted public.approval_requests;
begin
  perform private.require_environment(experiment.environment_id);
  perform private.require_text('message', coalesce(nullif(message, ''), '-'), 10000);
  if experiment.state not in ('draft', 'in_review', 'paused') then
    perform private.fail('move_not_allowed', jsonb_build_object('state', experiment.state, 'verb', 'submit'));
  elsif blockers is not null then
    perform private.fail('experiment_incomplete', blockers);
  elsif experiment.state = 'draft' then
    experiment := private.step_experiment(experiment.id, 'submit');
  end if;
  wanted.workspace_id := experiment.workspace_id;
  wanted.act := 'experiments.activate';
  wanted.environment_id := experiment.environment_id;
  wanted.experiment_id := experiment.id;
  wanted.content_hash := private.experiment_hash(experiment.id);
  wanted.revision := experiment.revision;
  wanted.message := message;
  wanted.authors := private.experiment_authors(experiment);
  wanted := private.open_request(wanted);
  return private.request_card(wanted);
end
$$;

comment on function private.submit_for_approval(uuid, integer, text, uuid) is
E'Asks for a review of an experiment; a draft becomes in_review.\nDefiner: requests and the state are nobody''s to write by hand.';

create or replace function private.request_publication(
  environment text, capability text, version_id uuid, action text, intent text, message text, workspace_id uuid
) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  tenant constant uuid := private.authorise(workspace_id, 'prompts.write');
  scope constant private.scope := private.resolve_scope(tenant, environment, capability, action, intent);
  wanted public.approval_requests;
begin
  perform private.require_text('message', coalesce(nullif(message, ''), '-'), 10000);
  perform private.require_runnable(version_id, scope);
  wanted.workspace_id := tenant;
  wanted.act := 'deployments.publish';
  wanted.environment_id := scope.environment_id;
  wanted.capability_id := scope.capability_id;
  wanted.action_id := scope.action_id;
  wanted.intent_id := scope.intent_id;
  wanted.prompt_version_id := version_id;
  wanted.content_hash := private.publication_hash(scope, version_id);
  wanted.message := message;
  wanted.authors := private.version_authors(tenant, version_id);
  wanted := private.open_request(wanted);
  return private.request_card(wanted);
end
$$;

comment on function private.request_publication(text, text, uuid, text, text, text, uuid) is
E'Asks for a review of a publication: this version at this scope.\nDefiner: requests are nobody''s to write by hand.';

create or replace function private.lock_request(request_id uuid) returns public.approval_requests
language plpgsql
set search_path = ''
as $$
declare
  request public.approval_requests;
begin
  select q.* into request from public.approval_requests q where q.id = request_id;
  perform private.authorise_row(request.workspace_id, null, 'workspace.read', 'unknown_request',
    jsonb_build_object('request_id', request_id));
  perform private.require_environment(request.environment_id);
  -- The experiment before the request, as activate locks them: two who meet here never wait for each other in a ring.
  perform from public.experiments e where e.id = request.experiment_id for no key update;
  select q.* into request from public.approval_requests q where q.id = request_id for no key update;
  return request;
end
$$;

comment on function private.lock_request(uuid) is 'A request and its experiment, locked; raises unknown_request for a stranger.';

create or replace function private.check_review(
  request public.approval_requests, rule public.approval_rules, decision text, expected_hash text
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.require_permission(
    request.workspace_id, coalesce(rule.permission, private.review_permission(request.act)));
  if request.state not in ('open', 'approved') or request.used_at is not null then
    perform private.fail('request_closed', jsonb_build_object(
      'state', case when request.used_at is null then request.state else 'used' end));
  elsif expected_hash is distinct from request.content_hash
    or (request.experiment_id is not null and private.experiment_hash(request.experiment_id) <> request.content_hash)
  then
    perform private.fail('stale_approval', jsonb_build_object('content_hash', request.content_hash));
  elsif decision = 'approve' and auth.uid() = any (request.authors) and not coalesce(rule.allow_self, false) then
    perform private.fail('own_work');
  end if;
end
$$;

comment on function private.check_review(public.approval_requests, public.approval_rules, text, text) is
'Raises unless the caller may review, the request is not closed, it is what they read, and not their own work.';

create or replace function private.review(request_id uuid, decision text, expected_hash text, comment text)
returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  reviewer constant uuid := private.require_person();
  request public.approval_requests := private.lock_request(request_id);
  rule constant public.approval_rules := private.approval_rule(request.workspace_id, request.act, request.environment_id);
  last_decision text;
begin
  perform private.check_review(request, rule, decision, expected_hash);
  perform private.require_text('comment', coalesce(nullif(comment, ''), '-'), 10000);
  select v.decision into last_decision from public.approval_reviews v
  where v.workspace_id = request.workspace_id and v.request_id = request.id and v.reviewer_id = reviewer
  order by v.id desc limit 1;
  if last_decision is distinct from decision then
    insert into public.approval_reviews (workspace_id, request_id, reviewer_id, decision, comment)
    values (request.workspace_id, request.id, reviewer, decision, coalesce(comment, ''));
  end if;
  -- Two statements: a stable function sees what was there when its statement began.
  request := private.settle(request, rule, decision);
  return private.request_card(request);
end
$$;

comment on function private.review(uuid, text, text, text) is
E'A person''s decision on a request; the same decision again changes nothing.\nDefiner: reviews are append-only and the request''s state is nobody''s to write by hand.';

create or replace function private.settle(
  request public.approval_requests, rule public.approval_rules, decision text
) returns public.approval_requests
language plpgsql
set search_path = ''
as $$
declare
  outcome constant text := case
    when decision = 'reject' then 'rejected'
    when private.counted_approvals(request, rule) >= greatest(rule.approvals, 1) then 'approved'
    else 'open' end;
begin
  if outcome <> request.state then
    update public.approval_requests q set
      state = outcome, decided_at = case when outcome <> 'open' then private.now() end
    where q.id = request.id returning q.* into request;
  end if;
  if outcome = 'rejected' then
    perform private.step_experiment(request.experiment_id, 'reject');
  end if;
  return request;
end
$$;

comment on function private.settle(public.approval_requests, public.approval_rules, text) is
'Where a request stands after a review; a rejected experiment goes back to draft.';

create or replace function private.withdraw_request(request_id uuid) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  request public.approval_requests := private.lock_request(request_id);
begin
  -- Nobody else takes a request back but who may change the rules.
  if request.requested_by is distinct from private.actor_id() or request.requested_by is null then
    perform private.require_permission(request.workspace_id, 'approvals.write');
  end if;
  if request.state = 'withdrawn' then
    return private.request_card(request);
  elsif request.state not in ('open', 'approved') or request.used_at is not null then
    perform private.fail('request_closed', jsonb_build_object(
      'state', case when request.used_at is null then request.state else 'used' end));
  end if;
  update public.approval_requests q set state = 'withdrawn', decided_at = private.now()
  where q.id = request.id returning q.* into request;
  perform private.step_experiment(request.experiment_id, 'withdraw');
  return private.request_card(request);
end
$$;

comment on function private.withdraw_request(uuid) is
E'Takes a request back; an experiment in review is a draft again.\nDefiner: as review.';

-- ==== sql/20_functions/objects.sql

-- The things that people talk about, by the names that the API uses for their kinds.
create or replace view private.object_kinds with (security_invoker = true) as
select listed.object_kind, listed.table_name, listed.permission
from (values
  -- kind, table, what who archives it must hold; null: it has no archive
  ('action', 'actions', 'catalog.write'),
  ('alert', 'alerts', null),
  ('api_key', 'api_keys', null),
  ('approval_request', 'approval_requests', null),
  ('branch', 'branches', null),
  ('capability', 'capabilities', 'catalog.write'),
  ('change', 'changes', null),
  ('deployment', 'deployments', null),
  ('environment', 'environments', 'environments.write'),
  ('experiment', 'experiments', null),
  ('intent', 'intents', 'catalog.write'),
  ('layer', 'layers', null),
  ('outcome_metric', 'outcome_metrics', 'metrics.write'),
  ('prompt', 'prompts', 'prompts.write'),
  ('prompt_template', 'prompt_templates', null),
  ('prompt_version', 'prompt_versions', null),
  ('ramp', 'ramps', null),
  ('run', 'runs', null),
  ('run_result', 'run_results', null),
  ('test_case', 'test_cases', 'prompts.write'),
  ('variant', 'variants', null)
) as listed (object_kind, table_name, permission)
where to_regclass('public.' || listed.table_name) is not null;

comment on view private.object_kinds is 'One row per kind of thing that can be commented on, muted or archived, with its table.';

create or replace function private.object_workspace(object_kind text, object_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  source constant text := (select k.table_name from private.object_kinds k where k.object_kind = object_workspace.object_kind);
  owner uuid;
begin
  if source is null then
    perform private.fail('bad_argument', jsonb_build_object('argument', 'object_kind', 'expected', (
      select 'one of ' || string_agg(k.object_kind, ', ' order by k.object_kind) from private.object_kinds k)));
  end if;
  execute format('select t.workspace_id from public.%I t where t.id = $1', source) into owner using object_id;
  return owner;
end
$$;

comment on function private.object_workspace(text, uuid) is
'The workspace of a thing; null when there is no such thing. Raises bad_argument for a kind that is none.';

create or replace function private.object_environment(object_kind text, object_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  source constant text := (select k.table_name from private.object_kinds k where k.object_kind = object_environment.object_kind);
  thing jsonb;
begin
  execute format('select to_jsonb(t) from public.%I t where t.id = $1', source) into thing using object_id;
  return case
    when object_kind = 'environment' then object_id
    when thing ? 'environment_id' then (thing ->> 'environment_id')::uuid
    else (select e.environment_id from public.experiments e where e.id = (thing ->> 'experiment_id')::uuid)
  end;
end
$$;

comment on function private.object_environment(text, uuid) is
'The environment that a thing is in; null for what all environments share.';

create or replace function private.authorise_object(
  object_kind text, object_id uuid, requested uuid, permission text
) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  owner constant uuid := private.object_workspace(object_kind, object_id);
begin
  perform private.authorise_row(owner, requested, permission, 'unknown_object',
    jsonb_build_object('object_kind', object_kind, 'object_id', object_id));
  perform private.require_environment(private.object_environment(object_kind, object_id));
  return owner;
end
$$;

comment on function private.authorise_object(text, uuid, uuid, text) is
'The workspace of a thing; raises unknown_object for a stranger, and permission_denied.';

-- ==== sql/20_functions/archive.sql

-- Archiving takes a thing out of the lists that people choose from. It deletes nothing, and it changes no answer of
-- decide: what is live stays live, and history stays readable.
create or replace function private.live_use(object_kind text, object_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    with used as (
      select e.* from public.experiments e
      where object_kind = 'environment' and e.environment_id = object_id
        or object_kind = 'capability' and e.capability_id = object_id
        or object_kind = 'action' and exists (
          select from public.experiment_actions a where a.experiment_id = e.id and a.action_id = object_id)
        or object_kind = 'intent' and exists (
          select from public.experiment_intents i where i.experiment_id = e.id and i.intent_id = object_id)
        or object_kind = 'outcome_metric' and exists (
          select from public.experiment_metrics m where m.experiment_id = e.id and m.metric_id = object_id)
        or object_kind = 'prompt' and exists (
          select from public.variants a
          join public.variant_versions r on r.variant_id = a.id
          join public.prompt_versions v on v.id = r.prompt_version_id
          where a.experiment_id = e.id and v.prompt_id = object_id)
    )
    select string_agg('the experiment ' || used.key, ', ' order by used.key)
    from used where used.state in ('in_review', 'active', 'paused'));
end
$$;

comment on function private.live_use(text, uuid) is
'The experiments in review, active or paused that use a thing, in words; null when there are none.';

create or replace function private.set_archived(object_kind text, object_id uuid, archived boolean) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  kept record;
  since timestamptz;
begin
  select k.* into kept from private.object_kinds k where k.object_kind = object_kind and k.permission is not null;
  if kept is null then
    perform private.fail('bad_argument', jsonb_build_object('argument', 'object_kind', 'expected', (
      select 'one of ' || string_agg(k.object_kind, ', ' order by k.object_kind)
      from private.object_kinds k where k.permission is not null)));
  end if;
  perform private.authorise_object(object_kind, object_id, null, kept.permission);
  perform private.require_environment(object_id) where object_kind = 'environment';
  if archived and private.live_use(object_kind, object_id) is not null then
    perform private.fail('still_used', jsonb_build_object(
      'object_kind', object_kind, 'what', private.live_use(object_kind, object_id)));
  end if;
  execute format(
    'update public.%1$I t set archived_at = case when $2 then private.now() end
     where t.id = $1 and (t.archived_at is not null) <> $2', kept.table_name) using object_id, archived;
  execute format('select t.archived_at from public.%I t where t.id = $1', kept.table_name) into since using object_id;
  return jsonb_build_object('object_kind', object_kind, 'object_id', object_id, 'archived_at', since);
end
$$;

comment on function private.set_archived(text, uuid, boolean) is
E'Archives a thing or restores it; the same again changes nothing.\nDefiner: archived_at is nobody''s to write by hand.';

create or replace function private.tg_refuse_archived() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  fresh constant jsonb := to_jsonb(new);
  used uuid;
  is_archived boolean;
begin
  -- Arguments in pairs: a column, and the kind of thing that it names.
  for n in 0 .. tg_nargs / 2 - 1 loop
    used := (fresh ->> tg_argv[2 * n])::uuid;
    if tg_argv[2 * n] = 'prompt_version_id' then
      used := (select v.prompt_id from public.prompt_versions v where v.id = used);
    end if;
    execute format('select exists (select from public.%I t where t.id = $1 and t.archived_at is not null)',
      (select k.table_name from private.object_kinds k where k.object_kind = tg_argv[2 * n + 1]))
      into is_archived using used;
    if is_archived then
      perform private.fail('archived', jsonb_build_object('object_kind', tg_argv[2 * n + 1], 'object_id', used));
    end if;
  end loop;
  return new;
end
$$;

comment on function private.tg_refuse_archived() is
E'Refuses new uses of what is archived. Arguments: pairs of a column and the kind of thing that it names.\nDefiner: looks at things whether or not the caller may.';

-- ==== sql/20_functions/experiment_results.sql

-- Workers' results: stored once, never changed.
create or replace function private.store_result(entry jsonb) returns jsonb
language plpgsql security definer
set search_path = ''
as $$
declare
  said constant jsonb := jsonb_strip_nulls(entry);
  made public.experiment_results := jsonb_populate_record(null::public.experiment_results, jsonb_build_object(
    'id', private.uuidv7(), 'inputs', '{}'::jsonb, 'created_at', private.now(),
    'inputs_hash', encode(sha256(convert_to((said - array['result', 'reason_code', 'grade'])::text, 'UTF8')), 'hex')) || said);
  kept uuid;
begin
  if made.result is null and made.reason_code is null then
    perform private.fail('bad_argument', '{"argument": "result", "expected": "numbers, or a reason_code"}');
  elsif made.grade not in ('A', 'B', 'C', 'not_separable') then
    perform private.fail('bad_argument', '{"argument": "grade", "expected": "A, B, C or not_separable"}');
  end if;
  insert into public.experiment_results select made.* on conflict on constraint experiment_results_once do nothing;
  select r.id into kept from public.experiment_results r
  where r.workspace_id = made.workspace_id and r.inputs_hash = made.inputs_hash;
  return jsonb_build_object('result_id', kept, 'inputs_hash', made.inputs_hash, 'is_new', kept = made.id);
end
$$;

comment on function private.store_result(jsonb) is
E'Stores a worker''s result; the same computation again answers the first one''s row.\nDefiner: results are nobody''s to write by hand; the worker alone may call it.';

-- ==== sql/20_functions/timeline.sql

create or replace function private.place(
  workspace_id uuid, environment text, capability text, action text, intent text
) returns private.scope
language plpgsql stable
set search_path = ''
as $$
declare
  found_one private.scope;
  missing text;
begin
  found_one.workspace_id := place.workspace_id;
  found_one.environment_id := (select t.id from public.environments t
    where t.workspace_id = place.workspace_id and t.key = environment);
  found_one.capability_id := (select t.id from public.capabilities t
    where t.workspace_id = place.workspace_id and t.key = capability);
  found_one.action_id := (select t.id from public.actions t
    where t.workspace_id = place.workspace_id and t.capability_id = found_one.capability_id and t.key = action);
  found_one.intent_id := (select t.id from public.intents t
    where t.workspace_id = place.workspace_id and t.key = intent);
  missing := case
    when environment is not null and found_one.environment_id is null then 'environment'
    when capability is not null and found_one.capability_id is null then 'capability'
    when action is not null and found_one.action_id is null then 'action'
    when intent is not null and found_one.intent_id is null then 'intent'
  end;
  if missing is not null then
    perform private.fail('unknown_' || missing, jsonb_build_object(
      'environment', environment, 'capability', capability, 'action', action, 'intent', intent));
  end if;
  perform private.require_environment(found_one.environment_id);
  return found_one;
end
$$;

comment on function private.place(uuid, text, text, text, text) is
'Turns those keys that are given into ids; raises unknown_… for a key that the workspace does not have.';

create or replace function private.require_correctable(change_id uuid, workspace_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if change_id is null then
    return;
  elsif not exists (
    select from public.changes c
    where c.workspace_id = require_correctable.workspace_id and c.id = change_id and c.kind in ('annotation', 'incident')
  ) then
    perform private.fail('unknown_change', jsonb_build_object('change_id', change_id));
  elsif exists (
    select from public.changes c
    where c.workspace_id = require_correctable.workspace_id and c.supersedes_id = change_id
  ) then
    perform private.fail('superseded', jsonb_build_object('change_id', change_id));
  end if;
end
$$;

comment on function private.require_correctable(uuid, uuid) is
'Raises unless the entry is an annotation or an incident of the workspace that nothing has corrected yet.';

create or replace function private.annotate(
  summary text, kind text, occurred_at timestamptz, environment text, capability text, action text, intent text,
  experiment_id uuid, supersedes uuid, detail jsonb, workspace_id uuid
) returns public.changes
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant constant uuid := private.authorise(workspace_id, 'comments.write');
  scope constant private.scope := private.place(tenant, environment, capability, action, intent);
  made public.changes;
begin
  perform private.require_text('summary', summary, 1000);
  if kind is null or kind not in ('annotation', 'incident') then
    perform private.fail('bad_argument', '{"argument": "kind", "expected": "annotation or incident"}');
  elsif occurred_at > private.now() + interval '1 minute' then
    perform private.fail('bad_argument', '{"argument": "occurred_at", "expected": "a time that is past"}');
  elsif jsonb_typeof(detail) is distinct from 'object' then
    perform private.fail('bad_argument', '{"argument": "detail", "expected": "an object"}');
  elsif experiment_id is not null and not exists (
    select from public.experiments e where e.id = experiment_id and e.workspace_id = tenant
  ) then
    perform private.fail('unknown_experiment', jsonb_build_object('experiment_id', experiment_id));
  end if;
  perform private.require_environment(e.environment_id) from public.experiments e where e.id = experiment_id;
  -- Two who correct the same entry at once: the second meets the first one's row.
  perform pg_advisory_xact_lock(hashtextextended('change:' || tenant || supersedes, 0)) where supersedes is not null;
  perform private.require_correctable(supersedes, tenant);
  insert into public.changes (
    workspace_id, kind, environment_id, capability_id, action_id, intent_id, experiment_id, summary, detail,
    actor_kind, actor_id, occurred_at, supersedes_id)
  values (tenant, kind, scope.environment_id, scope.capability_id, scope.action_id, scope.intent_id, experiment_id,
    summary, detail, private.actor_kind(), private.actor_id(), coalesce(occurred_at, private.now()), supersedes)
  returning * into made;
  return made;
end
$$;

comment on function private.annotate(
  text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid
) is E'Marks the timeline, or corrects an earlier mark by a new row.\nDefiner: the ledger is append-only and nobody inserts into it by hand.';

-- ==== sql/20_functions/comments.sql

create or replace function private.check_mentions(mentions uuid[], tenant uuid) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  stranger uuid;
begin
  if cardinality(mentions) > 100 then
    perform private.fail('bad_argument', '{"argument": "mentions", "expected": "at most 100 user ids"}');
  end if;
  select u into stranger from unnest(mentions) u
  where not exists (select from public.members m where m.workspace_id = tenant and m.user_id = u) limit 1;
  if found then
    perform private.fail('not_a_member', jsonb_build_object('user_id', stranger));
  end if;
  return array(select distinct u from unnest(mentions) u order by u);
end
$$;

comment on function private.check_mentions(uuid[], uuid) is 'The mentioned users, each once; raises not_a_member for anyone else.';

create or replace function private.add_comment(
  object_kind text, object_id uuid, body text, mentions uuid[], thread_id uuid, workspace_id uuid
) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant constant uuid := private.authorise_object(object_kind, object_id, workspace_id, 'comments.write');
  made public.comments;
begin
  perform private.require_text('body', body, 10000);
  if thread_id is not null and not exists (
    select from public.comments c
    where c.workspace_id = tenant and c.id = thread_id and c.thread_id is null
      and c.object_kind = object_kind and c.object_id = object_id
  ) then
    perform private.fail('unknown_comment', jsonb_build_object('comment_id', thread_id));
  end if;
  insert into public.comments (
    workspace_id, object_kind, object_id, thread_id, body, mentions, author_kind, author_id)
  values (tenant, object_kind, object_id, thread_id, body, private.check_mentions(mentions, tenant),
    private.actor_kind(), private.actor_id())
  returning * into made;
  return made;
end
$$;

comment on function private.add_comment(text, uuid, text, uuid[], uuid, uuid) is
E'Adds a comment to a thing, or a reply to a thread on it.\nDefiner: who said it, and about what, is not the caller''s to write.';

create or replace function private.lock_comment(comment_id uuid, own boolean) returns public.comments
language plpgsql
set search_path = ''
as $$
declare
  found_one public.comments;
begin
  select c.* into found_one from public.comments c where c.id = comment_id;
  perform private.authorise_row(found_one.workspace_id, null, 'comments.write', 'unknown_comment',
    jsonb_build_object('comment_id', comment_id));
  if own and (found_one.author_id is distinct from private.actor_id() or found_one.author_id is null) then
    perform private.fail('not_yours');
  end if;
  select c.* into found_one from public.comments c where c.id = comment_id for no key update;
  return found_one;
end
$$;

comment on function private.lock_comment(uuid, boolean) is
'A comment, locked; raises unknown_comment for a stranger, and not_yours where only its author may act.';

create or replace function private.edit_comment(comment_id uuid, body text, mentions uuid[]) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  present public.comments := private.lock_comment(comment_id, true);
  edited public.comments;
begin
  perform private.require_text('body', body, 10000);
  if present.deleted_at is not null then
    perform private.fail('unknown_comment', jsonb_build_object('comment_id', comment_id));
  end if;
  update public.comments c set
    body = body, edited_at = private.now(),
    mentions = private.check_mentions(coalesce(mentions, present.mentions), present.workspace_id)
  where c.id = comment_id and (c.body, c.mentions) is distinct from (body, coalesce(mentions, present.mentions))
  returning c.* into edited;
  return case when edited.id is null then present else edited end;
end
$$;

comment on function private.edit_comment(uuid, text, uuid[]) is
E'Changes a comment of one''s own; the audit log keeps what it said before.\nDefiner: as add_comment.';

create or replace function private.delete_comment(comment_id uuid) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
declare
  present public.comments := private.lock_comment(comment_id, true);
begin
  if present.deleted_at is null then
    update public.comments c set deleted_at = private.now(), body = '', mentions = '{}'
    where c.id = comment_id returning c.* into present;
  end if;
  return present;
end
$$;

comment on function private.delete_comment(uuid) is
E'Takes back a comment of one''s own; its place in the thread stays.\nDefiner: as add_comment.';

create or replace function private.resolve_thread(comment_id uuid, resolved boolean) returns public.comments
language plpgsql security definer
set search_path = ''
as $$
declare
  present public.comments := private.lock_comment(comment_id, false);
begin
  if present.thread_id is not null then
    present := private.lock_comment(present.thread_id, false);
  end if;
  if (present.resolved_at is not null) <> resolved then
    update public.comments c set
      resolved_at = case when resolved then private.now() end, resolved_by = case when resolved then auth.uid() end
    where c.id = present.id returning c.* into present;
  end if;
  return present;
end
$$;

comment on function private.resolve_thread(uuid, boolean) is
E'Settles a thread, or opens it again.\nDefiner: as add_comment.';

-- ==== sql/20_functions/notifications.sql

create or replace function private.notify(
  workspace_id uuid, user_ids uuid[], kind text, object_kind text, object_id uuid, summary text,
  detail jsonb default '{}'
) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  actor constant uuid := private.actor_id();
begin
  if cardinality(array_remove(array_remove(user_ids, actor), null)) is not distinct from 0 then
    return;
  end if;
  insert into public.notifications (
    workspace_id, user_id, kind, object_kind, object_id, summary, detail, actor_kind, actor_id)
  select workspace_id, m.user_id, kind, object_kind, object_id, summary, coalesce(detail, '{}'),
    private.actor_kind(), actor
  from public.members m
  where m.workspace_id = workspace_id and m.user_id = any (user_ids)
    and m.user_id is distinct from actor
    and not exists (
      select from public.notification_preferences p
      where p.workspace_id = workspace_id and p.user_id = m.user_id and p.kind = kind and p.delivery = 'off')
    and (kind = 'mention' or not exists (
      select from public.notification_mutes x
      where x.workspace_id = workspace_id and x.user_id = m.user_id
        and x.object_kind = object_kind and x.object_id = object_id))
  order by m.user_id;
end
$$;

comment on function private.notify(uuid, uuid[], text, text, uuid, text, jsonb) is
E'Tells members of something, as they wish to be told; never the one who did it.\nDefiner: called by triggers of whoever acted, and nobody writes to another''s inbox by hand.';

create or replace function private.holders(workspace_id uuid, permission text) returns uuid[]
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return array(
    select m.user_id
    from public.members m
    join public.role_permissions r on r.workspace_id = m.workspace_id and r.role = m.role
    where m.workspace_id = holders.workspace_id and r.permission = holders.permission
    order by m.user_id);
end
$$;

comment on function private.holders(uuid, text) is
E'The members who hold a permission.\nDefiner: called by triggers of whoever acted.';

create or replace function private.mark_notifications_read(notification_ids uuid[], workspace_id uuid) returns integer
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := private.require_person();
  marked integer;
begin
  if workspace_id is not null and not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  update public.notifications n set read_at = private.now()
  where n.user_id = me and n.read_at is null
    and (notification_ids is null or n.id = any (notification_ids))
    and n.workspace_id in (select private.my_workspaces())
    and n.workspace_id = coalesce(workspace_id, n.workspace_id);
  get diagnostics marked = row_count;
  return marked;
end
$$;

comment on function private.mark_notifications_read(uuid[], uuid) is
E'Marks the caller''s notifications as read.\nDefiner: the rest of a notification is nobody''s to write.';

create or replace function private.unread_notifications(workspace_id uuid) returns integer
language plpgsql stable
set search_path = ''
as $$
begin
  perform private.require_person();
  if workspace_id is not null and not private.may_enter(workspace_id) then
    perform private.fail('workspace_not_found', jsonb_build_object('workspace_id', workspace_id));
  end if;
  return (
    select count(*) from public.notifications n
    where n.user_id = (select auth.uid()) and n.read_at is null
      and n.workspace_id = coalesce(unread_notifications.workspace_id, n.workspace_id));
end
$$;

comment on function private.unread_notifications(uuid) is 'How many notifications the caller has not read.';

create or replace function private.mute_object(object_kind text, object_id uuid, muted boolean) returns boolean
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := private.require_person();
  tenant constant uuid := private.authorise_object(object_kind, object_id, null, 'workspace.read');
begin
  if muted then
    insert into public.notification_mutes (workspace_id, user_id, object_kind, object_id)
    values (tenant, me, object_kind, object_id)
    on conflict on constraint notification_mutes_pkey do nothing;
  else
    delete from public.notification_mutes x
    where x.workspace_id = tenant and x.user_id = me and x.object_kind = object_kind and x.object_id = object_id;
  end if;
  return muted;
end
$$;

comment on function private.mute_object(text, uuid, boolean) is
E'Stops the caller''s notifications about a thing, or lets them come again.\nDefiner: checks that the thing is one of the caller''s workspace.';

-- ==== policies/05_predicates.sql

-- Every policy asks one of these questions. They are sets, not tests of a row: a query asks once.
create or replace function private.my_workspaces_with(permission text) returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
#variable_conflict use_variable
declare
  me constant uuid := auth.uid();
begin
  if me is null then
    return query select k.workspace_id from private.api_key() k where permission = any (k.permissions);
  else
    return query
    select m.workspace_id
    from public.members m
    join public.role_permissions r on r.workspace_id = m.workspace_id and r.role = m.role
    where m.user_id = me and r.permission = permission;
  end if;
end
$$;

comment on function private.my_workspaces_with(text) is
E'The workspaces in which the caller''s role, or the acting API key, holds a permission.\nDefiner: members'' own policy asks it, and would ask itself for ever.';

create or replace function private.my_workspaces() returns setof uuid
language plpgsql stable rows 5
set search_path = ''
as $$
begin
  return query select private.my_workspaces_with('workspace.read');
end
$$;

comment on function private.my_workspaces() is 'The workspaces that the caller may read: where they hold workspace.read.';

create or replace function private.my_rooms() returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  if auth.uid() is null then
    return query select k.workspace_id from private.api_key() k where k.id is not null;
  else
    return query select m.workspace_id from public.members m where m.user_id = (select auth.uid());
  end if;
end
$$;

comment on function private.my_rooms() is
E'The workspaces that the caller belongs to, whether or not they may read there: the memberships, or the API key''s.\nDefiner: as my_workspaces_with.';

create or replace function private.my_owned_workspaces() returns setof uuid
language plpgsql stable security definer rows 5
set search_path = ''
as $$
begin
  return query
  select m.workspace_id from public.members m where m.user_id = (select auth.uid()) and m.role = 'owner';
end
$$;

comment on function private.my_owned_workspaces() is E'The workspaces that the caller owns.\nDefiner: as my_workspaces_with.';

create or replace function private.my_permissions() returns table (workspace_id uuid, permission text)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select m.workspace_id, p.permission
  from public.members m
  join public.role_permissions p on p.workspace_id = m.workspace_id and p.role = m.role
  where m.user_id = (select auth.uid());
end
$$;

comment on function private.my_permissions() is
E'What the signed-in person holds, by workspace.\nDefiner: as my_workspaces_with.';

create or replace function private.roles_within(needed text) returns table (workspace_id uuid, role text)
language plpgsql stable security definer rows 10
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select r.workspace_id, r.key
  from public.roles r
  where r.workspace_id in (select w from private.my_workspaces_with(needed) w)
    and (r.key <> 'owner' or r.workspace_id in (select w from private.my_owned_workspaces() w))
    and not exists (
      select from public.role_permissions p
      where p.workspace_id = r.workspace_id and p.role = r.key
        and (p.workspace_id, p.permission) not in (select mine.workspace_id, mine.permission from private.my_permissions() mine));
end
$$;

comment on function private.roles_within(text) is
E'The roles that hold nothing above the caller''s own, in the workspaces where the caller holds the permission needed.\nDefiner: as my_workspaces_with.';

-- ==== sql/30_triggers/append_only.sql

-- History cannot be rewritten, by anyone: not even by a function that means well.
create or replace trigger _000_append_only before update or delete or truncate on public.prompt_versions
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.prompt_template_versions
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.tag_moves
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.deployments
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.assignments
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.inferences
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.outcomes
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.outcome_keys
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.changes
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.experiment_phases
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.experiment_phase_arms
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or truncate on public.variant_rollbacks
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.run_results
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.job_failures
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.holdouts
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.audit_events
  for each statement execute function private.tg_refuse_change();
create or replace trigger _000_append_only before update or delete or truncate on public.experiment_results
  for each statement execute function private.tg_refuse_change();

-- ==== sql/30_triggers/approvals.sql

create or replace trigger _000_append_only before update or delete or truncate on public.approval_reviews
  for each statement execute function private.tg_refuse_change();

create or replace function private.tg_experiments__void_approvals() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  present text;
begin
  if not exists (
    select from public.approval_requests q
    where q.workspace_id = new.workspace_id and q.experiment_id = new.id and q.state in ('open', 'approved')
  ) then
    return null;
  end if;
  present := private.experiment_hash(new.id);
  update public.approval_requests q set
    state = case when q.content_hash <> present then 'void' else 'withdrawn' end, decided_at = private.now()
  where q.workspace_id = new.workspace_id and q.experiment_id = new.id and q.state in ('open', 'approved')
    -- What has ended asks for nothing any more.
    and (q.content_hash <> present or new.state = 'archived');
  if found then
    perform private.step_experiment(new.id, 'edit');
  end if;
  return null;
end
$$;

comment on function private.tg_experiments__void_approvals() is
E'An edit voids the requests that spoke of what was there before, and takes the experiment out of review.\nDefiner: the requests'' state is nobody''s to write by hand.';

-- At the end of the transaction: what counts is what it leaves behind, not the steps on the way. Every change of a
-- part touches the experiment's row, so this one trigger sees them all.
create constraint trigger _800_void_approvals after update on public.experiments
  deferrable initially deferred
  for each row execute function private.tg_experiments__void_approvals();

create or replace function private.tg_experiments__widen() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (select from public.ramps r where r.experiment_id = new.id and r.state = 'running') then
    -- The ramp's plan was approved as a publication, all of its steps at once.
    return null;
  end if;
  perform private.require_approval(
    new.workspace_id, 'experiments.activate', new.environment_id, new.id, private.experiment_hash(new.id));
  return null;
end
$$;

comment on function private.tg_experiments__widen() is
E'A running experiment is not opened to more people past the reviewers.\nDefiner: as tg_experiments__void_approvals.';

create or replace trigger _700_widen after update of traffic, layer_from, layer_to on public.experiments
  for each row when (old.state = 'active' and new.state = 'active' and (
    new.traffic > old.traffic or new.layer_from < old.layer_from or new.layer_to > old.layer_to))
  execute function private.tg_experiments__widen();

-- ==== sql/30_triggers/archive.sql

-- Nothing new uses what is archived. (A rollback is nothing new: it returns to what was live.)
create or replace trigger _050_present before insert on public.actions
  for each row execute function private.tg_refuse_archived('capability_id', 'capability');
create or replace trigger _050_present before insert on public.prompts
  for each row execute function private.tg_refuse_archived('capability_id', 'capability', 'action_id', 'action');
create or replace trigger _050_present before insert on public.prompt_versions
  for each row execute function private.tg_refuse_archived('prompt_id', 'prompt');
create or replace trigger _050_present before insert on public.test_cases
  for each row execute function private.tg_refuse_archived('prompt_id', 'prompt');
create or replace trigger _050_present before insert on public.intent_examples
  for each row execute function private.tg_refuse_archived('intent_id', 'intent');
create or replace trigger _050_present_insert before insert on public.experiments
  for each row execute function private.tg_refuse_archived('environment_id', 'environment', 'capability_id', 'capability');
create or replace trigger _050_present_update before update of state, environment_id, capability_id on public.experiments
  for each row when (
    new.state = 'active' and old.state <> 'active'
    or new.environment_id <> old.environment_id or new.capability_id <> old.capability_id)
  execute function private.tg_refuse_archived('environment_id', 'environment', 'capability_id', 'capability');
create or replace trigger _050_present before insert on public.experiment_actions
  for each row execute function private.tg_refuse_archived('action_id', 'action');
create or replace trigger _050_present before insert on public.experiment_intents
  for each row execute function private.tg_refuse_archived('intent_id', 'intent');
create or replace trigger _050_present before insert on public.experiment_metrics
  for each row execute function private.tg_refuse_archived('metric_id', 'outcome_metric');
create or replace trigger _050_present before insert or update of prompt_version_id on public.variant_versions
  for each row execute function private.tg_refuse_archived('prompt_version_id', 'prompt');
create or replace trigger _050_present before insert on public.deployments
  for each row when (new.kind = 'publish')
  execute function private.tg_refuse_archived(
    'environment_id', 'environment', 'capability_id', 'capability', 'action_id', 'action', 'intent_id', 'intent',
    'prompt_version_id', 'prompt');

-- ==== sql/30_triggers/audit.sql

-- Hangs the audit log on every table that private.audited lists. Transition tables allow one operation a trigger.
-- Evidence is only ever added, so its tables have the trigger for inserts alone.
do $$
declare
  listed record;
  arguments text;
begin
  for listed in
    select a.*, (
      select array_agg(c.attname::text order by c.attnum)
      from pg_index i join pg_attribute c on c.attrelid = i.indrelid and c.attnum = any (i.indkey)
      where i.indrelid = ('public.' || a.table_name)::regclass and i.indisprimary) as keys
    from private.audited a
  loop
    if listed.mode = 'batch' then
      execute format(
        'create or replace trigger _950_audit_insert after insert on public.%I referencing new table as after_rows
         for each statement execute function private.tg_audit_batch(%L)', listed.table_name, listed.keys);
      continue;
    end if;
    arguments := format('%L, %L, %L', listed.keys, listed.secrets, listed.silent);
    execute format(
      'create or replace trigger _950_audit_insert after insert on public.%I referencing new table as after_rows
       for each statement execute function private.tg_audit(%s)', listed.table_name, arguments);
    execute format(
      'create or replace trigger _950_audit_update after update on public.%I
       referencing old table as before_rows new table as after_rows
       for each statement execute function private.tg_audit(%s)', listed.table_name, arguments);
    execute format(
      'create or replace trigger _950_audit_delete after delete on public.%I referencing old table as before_rows
       for each statement execute function private.tg_audit(%s)', listed.table_name, arguments);
  end loop;
end
$$;

-- Assignments are their own log. (The functions come after the tables, hence not there.)
alter table public.assignments
  alter column actor_kind set default private.actor_kind(),
  alter column actor_id set default private.actor_id();

-- ==== sql/30_triggers/branches.sql

create or replace function private.tg_branches__keep_main() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.fail('main_stays');
  return null;
end
$$;

comment on function private.tg_branches__keep_main() is 'Refuses to rename main: it is where commits go that name no branch.';

create or replace trigger _000_keep_main before update of name on public.branches
  for each row when (old.name = 'main' and new.name <> old.name) execute function private.tg_branches__keep_main();

-- ==== sql/30_triggers/deployments.sql

create or replace function private.tg_deployments__move_head() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  insert into private.deployment_heads (
    deployment_id, workspace_id, environment_id, capability_id, action_id, intent_id, prompt_version_id, number)
  values (
    new.id, new.workspace_id, new.environment_id, new.capability_id, new.action_id, new.intent_id,
    new.prompt_version_id, new.number)
  on conflict on constraint deployment_heads_scope do update set
    deployment_id = excluded.deployment_id, prompt_version_id = excluded.prompt_version_id, number = excluded.number;
  return null;
end
$$;

comment on function private.tg_deployments__move_head() is 'Makes the new deployment the head of its scope.';

create or replace trigger _100_move_head after insert on public.deployments
  for each row execute function private.tg_deployments__move_head();

create or replace function private.deployment_words(made public.deployments) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  return format(
    case
      when made.kind = 'publish' then 'Published %1$s at %3$s'
      when made.kind = 'withdraw' then 'Withdrew %2$s at %3$s: the wider scope applies'
      when made.prompt_version_id is null then 'Rolled back %2$s at %3$s: the wider scope applies again'
      else 'Rolled back to %1$s at %3$s'
    end,
    private.version_words(made.prompt_version_id), private.version_words(made.previous_version_id),
    private.scope_words(made.environment_id, made.capability_id, made.action_id, made.intent_id));
end
$$;

comment on function private.deployment_words(public.deployments) is 'A move of a pointer as a sentence.';

create or replace function private.tg_deployments__log() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', new.workspace_id,
    'kind', 'deployment_' || case new.kind when 'publish' then 'published' when 'rollback' then 'rolled_back'
      else 'withdrawn' end,
    'environment_id', new.environment_id, 'capability_id', new.capability_id, 'action_id', new.action_id,
    'intent_id', new.intent_id, 'deployment_id', new.id,
    'summary', private.deployment_words(new),
    'detail', jsonb_build_object(
      'version_id', new.prompt_version_id, 'previous_version_id', new.previous_version_id, 'reason', new.reason))));
  return null;
end
$$;

comment on function private.tg_deployments__log() is 'Writes the deployment into the ledger.';

create or replace trigger _200_log after insert on public.deployments
  for each row execute function private.tg_deployments__log();

-- ==== sql/30_triggers/experiments.sql

create or replace function private.tg_experiments__guard() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  mark constant text := coalesce(new.id, old.id) || '@' || pg_current_xact_id();
begin
  if tg_op = 'INSERT' then
    perform set_config('upshot.revised', mark, true);
    return new;
  elsif tg_op = 'DELETE' then
    if old.started_at is not null then
      perform private.fail('experiment_started', '{"what": "existence"}');
    elsif old.state = 'in_review' then
      perform private.fail('revision_required', jsonb_build_object('state', old.state));
    end if;
    return old;
  end if;
  if old.started_at is not null and (old.key, old.environment_id, old.capability_id, old.unit, old.salt)
    is distinct from (new.key, new.environment_id, new.capability_id, new.unit, new.salt)
  then
    perform private.fail('experiment_started', '{"what": "key, environment, capability and unit"}');
  end if;
  if old.started_at is not null and old.traffic <> new.traffic and (
    -- A ramp's traffic follows its steps: the verbs, which run as the owner, may move it without this permission.
    current_user in ('authenticated', 'service_role')
    or not exists (select from public.ramps r where r.experiment_id = old.id and r.state = 'running'))
  then
    -- Who may not start it may not open it wider either.
    perform private.require_permission(old.workspace_id, 'experiments.activate');
  end if;
  if current_setting('upshot.revised', true) is distinct from mark then
    new.revision := old.revision + 1;
    perform set_config('upshot.revised', mark, true);
  end if;
  new.updated_at := private.now();
  return new;
end
$$;

comment on function private.tg_experiments__guard() is
'Keeps what was measured comparable: a started experiment keeps its scope and unit. Counts the revision up, once a transaction.';

create or replace trigger _100_guard before insert or update or delete on public.experiments
  for each row execute function private.tg_experiments__guard();

create or replace function private.tg_experiments__log() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  verb text := (select m.verb from public.experiment_moves m
    where m.from_state = old.state and m.to_state = new.state limit 1);
begin
  perform private.log_change(jsonb_populate_record(null::public.changes, jsonb_build_object(
    'workspace_id', new.workspace_id,
    'kind', 'experiment_' || case verb when 'activate' then 'activated' when 'pause' then 'paused'
      when 'resume' then 'resumed' else 'archived' end,
    'environment_id', new.environment_id, 'capability_id', new.capability_id, 'experiment_id', new.id,
    'summary', format('%s the experiment %s', case verb when 'activate' then 'Activated' when 'pause' then 'Paused'
      when 'resume' then 'Resumed' else 'Archived' end, new.key),
    'detail', jsonb_build_object('revision', new.revision, 'from', old.state, 'to', new.state))));
  return null;
end
$$;

comment on function private.tg_experiments__log() is
E'Writes a move of a started experiment into the ledger.\nDefiner: the ledger is append-only and nobody inserts into it by hand.';

create or replace trigger _200_log after update of state on public.experiments
  for each row when (old.state is distinct from new.state and new.started_at is not null)
  execute function private.tg_experiments__log();

create or replace function private.tg_scope__guard() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  touched uuid := case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end;
begin
  if exists (select from public.experiments e where e.id = touched and e.started_at is not null) then
    perform private.fail('experiment_started', '{"what": "scope and primary metric"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_scope__guard() is 'Keeps the scope and the primary metric of a started experiment.';

create or replace trigger _100_guard before insert or update or delete on public.experiment_actions
  for each row execute function private.tg_scope__guard();
create or replace trigger _100_guard before insert or update or delete on public.experiment_intents
  for each row execute function private.tg_scope__guard();
create or replace trigger _100_guard_new before insert or update on public.experiment_metrics
  for each row when (new.role = 'primary') execute function private.tg_scope__guard();
create or replace trigger _100_guard_old before update or delete on public.experiment_metrics
  for each row when (old.role = 'primary') execute function private.tg_scope__guard();

create or replace function private.tg_parts__revise() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.revise(case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end);
  return null;
end
$$;

comment on function private.tg_parts__revise() is
E'A change of any part of an experiment is a change of the experiment.\nDefiner: the revision is nobody''s to write.';

create or replace trigger _200_revise after insert or update or delete on public.experiment_actions
  for each row execute function private.tg_parts__revise();
create or replace trigger _200_revise after insert or update or delete on public.experiment_intents
  for each row execute function private.tg_parts__revise();
create or replace trigger _200_revise after insert or update or delete on public.experiment_metrics
  for each row execute function private.tg_parts__revise();
create or replace trigger _200_revise after insert or update or delete on public.variants
  for each row execute function private.tg_parts__revise();

create or replace function private.hold_draft(experiment_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
declare
  parent public.experiments;
begin
  select e.* into parent from public.experiments e where e.id = hold_draft.experiment_id;
  -- A stranger neither waits nor learns anything: the policy refuses them in a moment.
  if parent.id is null or not (private.caller_is_server() or parent.workspace_id in (
    select private.my_workspaces_with('experiments.write'))) then
    return;
  end if;
  -- Under the lock that every verb takes: a draft that is being activated is no draft any more.
  select e.* into parent from public.experiments e where e.id = parent.id for no key update;
  if parent.state <> 'draft' then
    perform private.fail('revision_required', jsonb_build_object('state', parent.state));
  end if;
end
$$;

comment on function private.hold_draft(uuid) is
E'Holds an experiment whose rows are written one by one; raises unless it is a draft.\nDefiner: who may insert arms may not lock experiments. It asks for experiments.write itself.';

create or replace function private.tg_parts__hold() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- The verbs write as the owner, and have named a revision.
  if current_user in ('authenticated', 'service_role') then
    perform private.hold_draft(case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end);
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_parts__hold() is 'Lets rows of an experiment be written one by one only while it is a draft.';

create or replace trigger _050_hold before insert or delete on public.experiment_actions
  for each row execute function private.tg_parts__hold();
create or replace trigger _050_hold before insert or delete on public.experiment_intents
  for each row execute function private.tg_parts__hold();
create or replace trigger _050_hold before insert or delete on public.experiment_metrics
  for each row execute function private.tg_parts__hold();
create or replace trigger _050_hold before insert or delete on public.variants
  for each row execute function private.tg_parts__hold();

create or replace function private.tg_experiments__remember() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  -- As the transaction ends: what it was on the way is nobody's business.
  insert into public.experiment_revisions (
    workspace_id, experiment_id, revision, state, document, content_hash, actor_kind, actor_id)
  select e.workspace_id, e.id, e.revision, e.state, private.experiment_document(e.id), private.experiment_hash(e.id),
    private.actor_kind(), private.actor_id()
  from public.experiments e where e.id = new.id
  on conflict on constraint experiment_revisions_pkey do nothing;
  return null;
end
$$;

comment on function private.tg_experiments__remember() is
E'Keeps what an experiment was at each revision.\nDefiner: nobody writes history by hand.';

create constraint trigger _950_remember after insert or update on public.experiments
  deferrable initially deferred for each row execute function private.tg_experiments__remember();

-- ==== sql/30_triggers/layers.sql

create or replace function private.tg_experiments__rules() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and old.started_at is not null then
    if (old.audience, old.layer_id) is distinct from (new.audience, new.layer_id) then
      perform private.fail('experiment_started', '{"what": "audience and layer"}');
    elsif (old.layer_from, old.layer_to) is distinct from (new.layer_from, new.layer_to) then
      -- Slots decide who is drawn from now on; whoever has an arm keeps it.
      perform private.require_permission(old.workspace_id, 'layers.write');
    end if;
  end if;
  if new.audience is not null and (tg_op = 'INSERT' or old.audience is distinct from new.audience) then
    perform private.check_audience(new.audience);
  end if;
  if new.layer_id is not null and new.state in ('active', 'paused') then
    -- Two experiments may take the same slots at once: the layer's row decides who is first.
    perform from public.layers l where l.id = new.layer_id for no key update;
    if private.slot_holder(new) is not null then
      perform private.fail('layer_slot_taken', jsonb_build_object(
        'layer_from', new.layer_from, 'layer_to', new.layer_to, 'holder', private.slot_holder(new)));
    end if;
  end if;
  return new;
end
$$;

comment on function private.tg_experiments__rules() is
E'Keeps audiences valid, and the slots of live experiments of a layer apart.\nDefiner: locks the layer and sees its experiments, whoever writes.';

create or replace trigger _110_rules before insert or update on public.experiments
  for each row execute function private.tg_experiments__rules();

-- ==== sql/30_triggers/members.sql

create or replace function private.tg_members__keep_an_owner() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  -- Two owners may leave at once: the workspace's row decides who is first.
  perform from public.workspaces w where w.id = old.workspace_id for no key update;
  if found and not exists (
    select from public.members m where m.workspace_id = old.workspace_id and m.role = 'owner'
  ) then
    perform private.fail('last_owner');
  end if;
  return null;
end
$$;

comment on function private.tg_members__keep_an_owner() is
E'Refuses the departure of a workspace''s last owner.\nDefiner: counts owners whom the caller may not see any more.';

create or replace trigger _100_keep_an_owner after update or delete on public.members
  for each row when (old.role = 'owner') execute function private.tg_members__keep_an_owner();

-- ==== sql/30_triggers/notifications.sql

-- Who is told of what. Each trigger names the people; private.notify leaves out the one who acted and who wants none.
create or replace function private.tg_comments__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  called constant uuid[] := case tg_op when 'INSERT' then new.mentions
    else array(select unnest(new.mentions) except select unnest(old.mentions)) end;
begin
  perform private.notify(new.workspace_id, called, 'mention', new.object_kind, new.object_id,
    'You were mentioned: ' || left(new.body, 120), jsonb_build_object('comment_id', new.id));
  if tg_op = 'INSERT' and new.thread_id is not null then
    perform private.notify(
      new.workspace_id,
      -- Everybody who has spoken in the thread and was not called by name already.
      array(
        select distinct c.author_id from public.comments c
        where c.workspace_id = new.workspace_id and coalesce(c.thread_id, c.id) = new.thread_id
          and c.author_kind = 'user' and c.deleted_at is null and not c.author_id = any (called)),
      'reply', new.object_kind, new.object_id, 'Reply: ' || left(new.body, 120),
      jsonb_build_object('comment_id', new.id, 'thread_id', new.thread_id));
  end if;
  return null;
end
$$;

comment on function private.tg_comments__notify() is
E'Tells those whom a comment calls, and those whose thread got a reply.\nDefiner: nobody writes to another''s inbox by hand.';

create or replace trigger _600_notify after insert or update of mentions on public.comments
  for each row execute function private.tg_comments__notify();

create or replace function private.request_words(request public.approval_requests) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if request.experiment_id is not null then
    return (select 'the experiment ' || e.key from public.experiments e where e.id = request.experiment_id);
  end if;
  return format('%s at %s', private.version_words(request.prompt_version_id), private.scope_words(
    request.environment_id, request.capability_id, request.action_id, request.intent_id));
end
$$;

comment on function private.request_words(public.approval_requests) is 'What a request is about, for people.';

create or replace function private.tg_approval_requests__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  rule constant public.approval_rules := private.approval_rule(new.workspace_id, new.act, new.environment_id);
  about constant jsonb := jsonb_build_object('request_id', new.id, 'act', new.act, 'content_hash', new.content_hash);
begin
  if tg_op = 'INSERT' then
    perform private.notify(
      new.workspace_id,
      array(
        select h from unnest(private.holders(new.workspace_id, coalesce(rule.permission, private.review_permission(new.act)))) h
        where coalesce(rule.allow_self, false) or not h = any (new.authors)),
      'approval_requested', 'approval_request', new.id, 'Your review is asked for: ' || private.request_words(new), about);
  else
    perform private.notify(
      new.workspace_id, array[new.requested_by], 'approval_decided', 'approval_request', new.id,
      format('%s: %s', initcap(new.state), private.request_words(new)), about || jsonb_build_object('state', new.state));
  end if;
  return null;
end
$$;

comment on function private.tg_approval_requests__notify() is
E'Tells the reviewers of a request, and the requester of what became of it.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify_asked after insert on public.approval_requests
  for each row execute function private.tg_approval_requests__notify();
create or replace trigger _610_notify_decided after update of state on public.approval_requests
  for each row when (old.state is distinct from new.state) execute function private.tg_approval_requests__notify();

create or replace function private.tg_changes__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.experiment_id is not null then
    perform private.notify(
      new.workspace_id, array[e.created_by],
      case when new.kind = 'variant_rolled_back' then new.kind when new.kind like 'ramp\_%' then 'ramp'
        else 'experiment_moved' end,
      'experiment', e.id, new.summary, jsonb_build_object('change_id', new.id, 'kind', new.kind))
    from public.experiments e
    where e.id = new.experiment_id and e.workspace_id = new.workspace_id;
  end if;
  -- Whose deployment was taken back: the move before, at the same scope.
  perform private.notify(
    new.workspace_id, array[before.created_by], 'deployment_rolled_back', 'deployment', before.id, new.summary,
    jsonb_build_object('change_id', new.id, 'kind', new.kind))
  from public.deployments made
  join public.deployments before on before.environment_id = made.environment_id
    and before.capability_id = made.capability_id
    and before.action_id is not distinct from made.action_id
    and before.intent_id is not distinct from made.intent_id
    and before.number = made.number - 1
  where made.id = new.deployment_id and new.kind in ('deployment_rolled_back', 'deployment_withdrawn');
  return null;
end
$$;

comment on function private.tg_changes__notify() is
E'Tells who drafted an experiment, began a ramp or published a version what somebody else did to it.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify after insert on public.changes
  for each row when (new.kind in (
    'experiment_activated', 'experiment_paused', 'experiment_resumed', 'experiment_archived', 'variant_rolled_back',
    'ramp_advanced', 'ramp_completed', 'ramp_aborted', 'ramp_stopped',
    'deployment_rolled_back', 'deployment_withdrawn'))
  execute function private.tg_changes__notify();

create or replace function private.tg_members__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  subject constant public.members := coalesce(new, old);
begin
  perform private.notify(
    subject.workspace_id, private.holders(subject.workspace_id, 'members.write'), 'members', 'member', subject.user_id,
    case tg_op
      when 'INSERT' then format('%s joined as %s', private.actor_label('user', subject.user_id), new.role)
      when 'DELETE' then format('%s left or was removed', coalesce(private.actor_label('user', subject.user_id), 'A deleted account'))
      else format('%s is now %s', private.actor_label('user', subject.user_id), new.role) end,
    jsonb_build_object('user_id', subject.user_id, 'role', new.role, 'previous_role', old.role));
  return null;
end
$$;

comment on function private.tg_members__notify() is
E'Tells those who hold members.write who came, went, or changed their role.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify after insert or delete or update of role on public.members
  for each row execute function private.tg_members__notify();

create or replace function private.tg_keys__notify() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  subject constant jsonb := to_jsonb(coalesce(new, old));
begin
  perform private.notify(
    (subject ->> 'workspace_id')::uuid, private.holders((subject ->> 'workspace_id')::uuid, tg_argv[0]), 'keys',
    tg_argv[1], (subject ->> 'id')::uuid,
    format('%s %s: %s', tg_argv[2], subject ->> 'name', case
      when tg_op = 'INSERT' then 'made'
      when tg_op = 'DELETE' then 'deleted'
      when subject ->> 'revoked_at' is not null then 'revoked'
      else 'changed' end),
    jsonb_build_object('name', subject ->> 'name'));
  return null;
end
$$;

comment on function private.tg_keys__notify() is
E'Tells those who hold a permission that a key was made, changed or revoked. Arguments: permission, kind, words.\nDefiner: as tg_comments__notify.';

create or replace trigger _600_notify after insert or update or delete on public.api_keys
  for each row execute function private.tg_keys__notify('api_keys.write', 'api_key', 'API key');
create or replace trigger _600_notify after insert or update or delete on public.provider_keys
  for each row execute function private.tg_keys__notify('provider_keys.write', 'provider_key', 'Provider key');

-- ==== sql/30_triggers/prompts.sql

create or replace function private.tg_prompts__first_branch() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into public.branches (workspace_id, prompt_id, name) values (new.workspace_id, new.id, 'main');
  return null;
end
$$;

comment on function private.tg_prompts__first_branch() is
E'Gives a new prompt its branch main.\nDefiner: the branch belongs to the prompt, whoever made that.';

create or replace trigger _100_first_branch after insert on public.prompts
  for each row execute function private.tg_prompts__first_branch();

-- ==== sql/30_triggers/ramps.sql

create or replace function private.ramp_end_code(ramp public.ramps, made public.deployments) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  base constant private.deployment_heads := private.live_head(private.ramp_scope(ramp));
begin
  return case
    when not coalesce(made.action_id = ramp.action_id, true) or not coalesce(made.intent_id = ramp.intent_id, true)
      then null
    when (made.action_id, made.intent_id) is not distinct from (ramp.action_id, ramp.intent_id) then 'scope_moved'
    when base.prompt_version_id is distinct from ramp.from_version_id then 'live_version_changed'
    when (made.action_id is not null, made.intent_id is not null)
      > (base.action_id is not null, base.intent_id is not null) then 'narrower_scope_moved'
  end;
end
$$;

comment on function private.ramp_end_code(public.ramps, public.deployments) is
'Why a move of a pointer ends a ramp: its scope moved, a scope that overrides it, or the version it compares with; null when none did.';

create or replace function private.tg_deployments__stop_ramps() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  for ramp in
    select r.* from public.ramps r
    where r.environment_id = new.environment_id and r.capability_id = new.capability_id and r.state = 'running'
      and private.ramp_end_code(r, new) is not null
    order by r.id
  loop
    perform from public.experiments e where e.id = ramp.experiment_id for no key update;
    perform private.end_ramp(ramp, 'stopped', private.ramp_end_code(ramp, new),
      jsonb_build_object('by_deployment_id', new.id));
  end loop;
  return null;
end
$$;

comment on function private.tg_deployments__stop_ramps() is
'Who moves the scope of a ramp wins: the ramp stops in the same transaction and overwrites nothing.';

create or replace trigger _300_stop_ramps after insert on public.deployments
  for each row execute function private.tg_deployments__stop_ramps();

create or replace function private.tg_experiments__stop_ramp() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  ramp public.ramps;
begin
  select r.* into ramp from public.ramps r where r.experiment_id = new.id and r.state = 'running';
  if ramp.id is not null then
    perform private.end_ramp(ramp, 'stopped', 'experiment_archived', '{}');
  end if;
  return null;
end
$$;

comment on function private.tg_experiments__stop_ramp() is
E'A ramp ends with its experiment.\nDefiner: ramps are nobody''s to write by hand.';

create or replace trigger _300_stop_ramp after update of state on public.experiments
  for each row when (new.state = 'archived' and old.state <> 'archived')
  execute function private.tg_experiments__stop_ramp();

create or replace function private.tg_experiments__keep_ramp() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (
    select from public.ramps r join public.ramp_steps s on s.ramp_id = r.id and s.number = r.step
    where r.experiment_id = new.id and r.state = 'running' and new.traffic <> 2 * s.share
  ) then
    perform private.fail('ramp_keeps_traffic');
  end if;
  return new;
end
$$;

comment on function private.tg_experiments__keep_ramp() is
E'The traffic of a ramp''s experiment is what its step says.\nDefiner: as tg_experiments__stop_ramp.';

create or replace trigger _150_keep_ramp before update of traffic on public.experiments
  for each row when (old.traffic <> new.traffic) execute function private.tg_experiments__keep_ramp();

-- ==== sql/30_triggers/rules.sql

create or replace function private.tg_experiments__compile() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.compile_rule(new.id);
  return null;
end
$$;

comment on function private.tg_experiments__compile() is
E'Keeps what decide reads equal to the experiment, in the same transaction.\nDefiner: compiled rules are nobody''s to write.';

create or replace trigger _300_compile_new after insert on public.experiments
  for each row when (new.state = 'active') execute function private.tg_experiments__compile();
create or replace trigger _300_compile after update on public.experiments
  for each row when (old.state = 'active' or new.state = 'active') execute function private.tg_experiments__compile();

create or replace function private.tg_variants__compile() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.compile_rule(new.experiment_id);
  return null;
end
$$;

comment on function private.tg_variants__compile() is
E'Keeps what decide reads equal to an arm that was stopped or taken up again.\nDefiner: as for experiments.';

create or replace trigger _300_compile after update of rolled_back_at on public.variants
  for each row when (old.rolled_back_at is distinct from new.rolled_back_at)
  execute function private.tg_variants__compile();

-- ==== sql/30_triggers/variants.sql

create or replace function private.tg_variants__guard() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  parent public.experiments;
begin
  select e.* into parent from public.experiments e
  where e.id = case tg_op when 'DELETE' then old.experiment_id else new.experiment_id end;
  if tg_op = 'UPDATE' and (old.key, old.weight, old.is_control) = (new.key, new.weight, new.is_control) then
    return new;
  elsif parent.state in ('active', 'archived') then
    perform private.fail('pause_first', jsonb_build_object('state', parent.state));
  elsif parent.started_at is not null and (
    tg_op <> 'UPDATE' and coalesce(new.is_control, old.is_control)
    or tg_op = 'UPDATE' and (old.key, old.is_control) <> (new.key, new.is_control)
  ) then
    perform private.fail('experiment_started', '{"what": "control and the keys of its arms"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_variants__guard() is
'Lets arms and weights change only in a draft or in a pause, and never the control once it has run.';

create or replace trigger _100_guard before insert or update or delete on public.variants
  for each row execute function private.tg_variants__guard();

create or replace function private.tg_variant_versions__guard() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if exists (
    select from public.experiment_phase_arms a
    where a.variant_id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end
  ) then
    perform private.fail('experiment_started', '{"what": "arms that have run and their versions"}');
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_variant_versions__guard() is 'Keeps the versions of an arm that has run.';

create or replace trigger _100_guard before insert or update or delete on public.variant_versions
  for each row execute function private.tg_variant_versions__guard();

create or replace function private.tg_variant_versions__revise() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.revise(a.experiment_id) from public.variants a
  where a.id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end;
  return null;
end
$$;

comment on function private.tg_variant_versions__revise() is
E'What an arm runs is a part of its experiment.\nDefiner: the revision is nobody''s to write.';

create or replace trigger _200_revise after insert or update or delete on public.variant_versions
  for each row execute function private.tg_variant_versions__revise();

create or replace function private.tg_variant_versions__hold() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if current_user in ('authenticated', 'service_role') then
    perform private.hold_draft(a.experiment_id) from public.variants a
    where a.id = case tg_op when 'DELETE' then old.variant_id else new.variant_id end;
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;

comment on function private.tg_variant_versions__hold() is 'As tg_parts__hold, for what an arm runs.';

create or replace trigger _050_hold before insert or delete on public.variant_versions
  for each row execute function private.tg_variant_versions__hold();

-- ==== sql/40_views/live_deployments.sql

create or replace view public.live_deployments with (security_invoker = true) as
select
  d.id as deployment_id, d.workspace_id,
  d.environment_id, e.key as environment, d.capability_id, c.key as capability,
  d.action_id, a.key as action, d.intent_id, i.key as intent,
  d.prompt_version_id, p.key as prompt, v.number as version_number, d.previous_version_id,
  d.kind, d.reason, d.created_by, d.created_at as live_since
from (
  select distinct on (m.environment_id, m.capability_id, m.action_id, m.intent_id) m.*
  from public.deployments m
  order by m.environment_id, m.capability_id, m.action_id, m.intent_id, m.number desc
) as d
join public.environments e on e.id = d.environment_id
join public.capabilities c on c.id = d.capability_id
left join public.actions a on a.id = d.action_id
left join public.intents i on i.id = d.intent_id
join public.prompt_versions v on v.id = d.prompt_version_id
join public.prompts p on p.id = v.prompt_id;

comment on view public.live_deployments is E'One row per scope (environment × capability × action? × intent?): what is live there now.\nFor a call, the most specific scope wins: action and intent, then action, then intent, then the capability.';
comment on column public.live_deployments.deployment_id is 'The deployment that made it live.';
comment on column public.live_deployments.workspace_id is 'The workspace.';
comment on column public.live_deployments.environment_id is 'Scope: the environment.';
comment on column public.live_deployments.environment is 'Its key.';
comment on column public.live_deployments.capability_id is 'Scope: the capability.';
comment on column public.live_deployments.capability is 'Its key.';
comment on column public.live_deployments.action_id is 'Scope: the action; null for the whole capability.';
comment on column public.live_deployments.action is 'Its key.';
comment on column public.live_deployments.intent_id is 'Scope: the intent; null for every intent.';
comment on column public.live_deployments.intent is 'Its key.';
comment on column public.live_deployments.prompt_version_id is 'The version that is live: name it as expected_version.';
comment on column public.live_deployments.prompt is 'The key of its prompt.';
comment on column public.live_deployments.version_number is 'Its number in the prompt.';
comment on column public.live_deployments.previous_version_id is 'What was live before.';
comment on column public.live_deployments.kind is 'publish or rollback; a withdrawn scope has no row.';
comment on column public.live_deployments.reason is 'Why, in the person''s words.';
comment on column public.live_deployments.created_by is 'The user who moved it; null for a server''s key.';
comment on column public.live_deployments.live_since is 'Since when.';

-- ==== sql/40_views/timeline.sql

create or replace view public.timeline with (security_invoker = true) as
select c.id, c.workspace_id, c.occurred_at, c.kind, c.summary, c.detail, c.environment_id, c.capability_id, c.action_id,
  c.intent_id, c.experiment_id, c.variant_id, c.deployment_id, c.actor_kind, c.actor_id, c.recorded_at, c.supersedes_id
from public.changes c
where not exists (
  select from public.changes n where n.workspace_id = c.workspace_id and n.supersedes_id = c.id);

comment on view public.timeline is E'One row per entry of the ledger that nothing has corrected: what a chart should mark.\nchanges keeps the corrected ones too.';

-- The columns are those of changes, and so are their sentences.
do $$
declare
  shown record;
begin
  for shown in
    select a.attname as name, col_description('public.changes'::regclass, b.attnum) as words
    from pg_attribute a
    join pg_attribute b on b.attrelid = 'public.changes'::regclass and b.attname = a.attname
    where a.attrelid = 'public.timeline'::regclass and a.attnum > 0
  loop
    execute format('comment on column public.timeline.%I is %L', shown.name, shown.words);
  end loop;
end
$$;

-- ==== sql/40_views/version_lineage.sql

create or replace view public.version_lineage with (security_invoker = true) as
select v.workspace_id, v.prompt_id, v.id as version_id, v.number as version_number, v.content_hash,
  v.parent_version_id, v.merged_version_id, v.forked_from_version_id,
  t.template_id, v.template_version_id, t.number as template_version_number,
  d.id as deployment_id, d.environment_id, d.capability_id, d.action_id, d.intent_id,
  d.kind as deployment_kind, d.created_at as deployed_at
from public.prompt_versions v
left join public.prompt_template_versions t on t.workspace_id = v.workspace_id and t.id = v.template_version_id
left join public.deployments d on d.workspace_id = v.workspace_id and d.prompt_version_id = v.id;

comment on view public.version_lineage is E'One row per prompt version × deployment of it (one without, when it was never deployed): from the template, over its parents, to where it went live.\nFilter by template_version_id to see what became of a template, by version_id to see where a version came from. lineage_of says the same for one inference.';
comment on column public.version_lineage.workspace_id is 'The workspace.';
comment on column public.version_lineage.prompt_id is 'The prompt.';
comment on column public.version_lineage.version_id is 'The version.';
comment on column public.version_lineage.version_number is 'Its number in the prompt.';
comment on column public.version_lineage.content_hash is 'SHA-256 of its bundle.';
comment on column public.version_lineage.parent_version_id is 'The version that it was committed on.';
comment on column public.version_lineage.merged_version_id is 'The second parent of a merge.';
comment on column public.version_lineage.forked_from_version_id is 'The version of another prompt that it copies.';
comment on column public.version_lineage.template_id is 'The template that it was made from, itself or through its parents.';
comment on column public.version_lineage.template_version_id is 'The version of that template.';
comment on column public.version_lineage.template_version_number is 'Its number in the template.';
comment on column public.version_lineage.deployment_id is 'The deployment that made it live; null when it never was.';
comment on column public.version_lineage.environment_id is 'Where it went live: the environment.';
comment on column public.version_lineage.capability_id is 'Where it went live: the capability.';
comment on column public.version_lineage.action_id is 'Where it went live: the action; null for the whole capability.';
comment on column public.version_lineage.intent_id is 'Where it went live: the intent; null for every intent.';
comment on column public.version_lineage.deployment_kind is 'How it went live: as deployments.kind.';
comment on column public.version_lineage.deployed_at is 'Since when.';

-- ==== sql/40_views/member_directory.sql

create or replace function private.directory()
returns table (
  workspace_id uuid, user_id uuid, role text, display_name text, email text, joined_at timestamptz
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  select m.workspace_id, m.user_id, m.role,
    left(coalesce(
      nullif(trim(u.raw_user_meta_data ->> 'full_name'), ''), nullif(trim(u.raw_user_meta_data ->> 'name'), ''),
      split_part(u.email, '@', 1), ''), 200),
    case when auth.uid() is not null or private.caller_is_server() then u.email::text end,
    m.created_at
  from public.members m
  join auth.users u on u.id = m.user_id
  where private.caller_is_server() or m.workspace_id in (select w from private.my_workspaces() w);
end
$$;

comment on function private.directory() is
E'The people of the caller''s workspaces, with their names.\nDefiner: names and addresses are in auth.users, which nobody reads.';

create or replace view public.member_directory with (security_invoker = true) as
select d.workspace_id, d.user_id, d.role, d.display_name, d.email, d.joined_at from private.directory() d;

comment on view public.member_directory is E'One row per workspace and member: how to show and reach the people that one works with.\nA person sets their name with Auth (updateUser, data.full_name). Who has left is not here.';
comment on column public.member_directory.workspace_id is 'The workspace.';
comment on column public.member_directory.user_id is 'The user.';
comment on column public.member_directory.role is 'Their role here.';
comment on column public.member_directory.display_name is 'full_name or name of their own account, else the first part of their address.';
comment on column public.member_directory.email is 'Their address; null for API keys, which need not write to people.';
comment on column public.member_directory.joined_at is 'When they joined.';

-- ==== sql/40_views/experiment_health.sql

create or replace view private.phase_arms with (security_invoker = true) as
select arm.workspace_id, arm.experiment_id, arm.phase_id, arm.variant_id,
  arm.weight::double precision / sum(arm.weight) over (partition by arm.experiment_id, arm.phase_id) as expected_share,
  counted.subjects, counted.first_assigned_at, counted.last_assigned_at,
  sum(counted.subjects) over (partition by arm.experiment_id, arm.phase_id)::double precision as phase_subjects,
  min(arm.weight) filter (where arm.weight > 0) over (partition by arm.experiment_id, arm.phase_id)::double precision
    / sum(arm.weight) over (partition by arm.experiment_id, arm.phase_id) as smallest_share
from public.experiment_phase_arms arm
cross join lateral (
  select count(*) as subjects, min(a.assigned_at) as first_assigned_at, max(a.assigned_at) as last_assigned_at
  from public.assignments a
  where a.workspace_id = arm.workspace_id and a.experiment_id = arm.experiment_id
    and a.phase_id = arm.phase_id and a.variant_id = arm.variant_id
) as counted;

comment on view private.phase_arms is 'One row per experiment × phase × arm: subjects, and the share that its weight promised.';

create or replace view public.experiment_arms with (security_invoker = true) as
select v.workspace_id, v.experiment_id, v.id as variant_id, v.key as variant_key, v.name as variant_name,
  v.is_control, v.weight,
  coalesce(
    t.expected / nullif(sum(t.expected) over whole, 0),
    v.weight::double precision / nullif(sum(v.weight) over whole, 0)) as expected_share,
  t.subjects,
  t.subjects::double precision / nullif(sum(t.subjects) over whole, 0) as share,
  v.rolled_back_at
from public.variants v
cross join lateral (
  select coalesce(sum(p.subjects), 0)::bigint as subjects, sum(p.expected_share * p.phase_subjects) as expected
  from private.phase_arms p where p.experiment_id = v.experiment_id and p.variant_id = v.id
) as t
window whole as (partition by v.experiment_id);

comment on view public.experiment_arms is E'One row per experiment × variant: how many subjects it has, and how many its weight promised.\nThe promise follows the phases: weights that changed count for as long as they held.';
comment on column public.experiment_arms.workspace_id is 'The workspace.';
comment on column public.experiment_arms.experiment_id is 'The experiment.';
comment on column public.experiment_arms.variant_id is 'The variant.';
comment on column public.experiment_arms.variant_key is 'Its key.';
comment on column public.experiment_arms.variant_name is 'Its name.';
comment on column public.experiment_arms.is_control is 'True for the control.';
comment on column public.experiment_arms.weight is 'Its weight now.';
comment on column public.experiment_arms.expected_share is 'The share of subjects that the weights promise.';
comment on column public.experiment_arms.subjects is 'Subjects assigned to it.';
comment on column public.experiment_arms.share is 'Its share of the subjects; null while there are none.';
comment on column public.experiment_arms.rolled_back_at is 'When it was rolled back; null while it runs.';

create or replace view public.experiment_health with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, s.subjects,
  case when s.df > 0 then s.chi2 end as srm_chi2,
  case when s.df > 0 then s.df end as srm_df,
  stats.chi2_sf(s.chi2, s.df) as srm_p_value,
  case
    when s.df = 0 then 'not_enough_data'
    when stats.chi2_sf(s.chi2, s.df) < 0.001 then 'mismatch'
    else 'ok'
  end as srm_status,
  s.first_assigned_at, s.last_assigned_at
from public.experiments e
cross join lateral (
  select coalesce(sum(p.subjects), 0)::bigint as subjects,
    min(p.first_assigned_at) as first_assigned_at, max(p.last_assigned_at) as last_assigned_at,
    sum((p.subjects - x.expected) ^ 2 / x.expected) filter (where x.counts) as chi2,
    (count(*) filter (where x.counts) - count(distinct p.phase_id) filter (where x.counts))::integer as df
  from private.phase_arms p
  cross join lateral (
    select p.expected_share * p.phase_subjects as expected,
      p.expected_share > 0 and p.smallest_share * p.phase_subjects >= 5 as counts
  ) as x
  where p.experiment_id = e.id
) as s;

comment on view public.experiment_health is E'One row per experiment: whether the arms got the subjects that their weights promised.\nSample-ratio mismatch: Pearson''s chi-square, summed over phases with its degrees of freedom. A phase in which an arm expects under five subjects is not judged. Below p = 0.001 no effect should be believed.';
comment on column public.experiment_health.workspace_id is 'The workspace.';
comment on column public.experiment_health.experiment_id is 'The experiment.';
comment on column public.experiment_health.subjects is 'Subjects assigned.';
comment on column public.experiment_health.srm_chi2 is 'Chi-square of the arms'' counts against their weights; null with too little data.';
comment on column public.experiment_health.srm_df is 'Its degrees of freedom: arms with a weight, less one, in each phase.';
comment on column public.experiment_health.srm_p_value is 'The chance of so uneven a split by luck.';
comment on column public.experiment_health.srm_status is 'ok, mismatch or not_enough_data.';
comment on column public.experiment_health.first_assigned_at is 'The first exposure.';
comment on column public.experiment_health.last_assigned_at is 'The latest first exposure.';

-- ==== sql/40_views/placed_outcomes.sql

create or replace view private.placed_outcomes with (security_invoker = true) as
select o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at,
  coalesce(o.subject, by_inference.subject, by_conversation.subject, by_key.subject) as subject,
  coalesce(o.conversation, by_inference.conversation, nullif(by_key.conversation, '')) as conversation
from public.outcomes o
left join public.inferences by_inference
  on by_inference.workspace_id = o.workspace_id and by_inference.id = o.inference_id
left join lateral (
  select k.subject, k.conversation
  from public.outcome_keys k
  where k.workspace_id = o.workspace_id and k.key_type = o.key_type and k.key_value = o.key_value
  order by k.seen_at, k.subject, k.conversation
  limit 1
) as by_key on true
left join lateral (
  select seen.subject
  from (
    select i.subject, i.started_at as seen_at from public.inferences i
    where i.workspace_id = o.workspace_id and i.conversation = o.conversation
    union all
    select a.subject, a.assigned_at from public.assignments a
    where a.workspace_id = o.workspace_id and a.conversation = o.conversation
  ) as seen
  where o.subject is null
  order by seen.seen_at, seen.subject
  limit 1
) as by_conversation on true;

comment on view private.placed_outcomes is E'One row per outcome, with the subject and the conversation that it belongs to, as far as they are known by now.\nWhat the source said comes first, then the inference, the conversation and the business key that it named. Ties go to the earliest by the callers'' clocks, so the order of arrival does not matter.';

create or replace view private.unit_outcomes with (security_invoker = true) as
select o.workspace_id, o.environment_id, o.metric_id, o.value, o.occurred_at, unit.kind as unit_kind, unit.id as unit_id
from private.placed_outcomes o
cross join lateral (values ('subject', o.subject), ('conversation', o.conversation)) as unit (kind, id)
where unit.id is not null;

comment on view private.unit_outcomes is 'One row per outcome × unit that it can be counted for: its subject, its conversation.';

-- ==== sql/40_views/unit_exposures.sql

create or replace view private.unit_exposures with (security_invoker = true) as
select a.workspace_id, a.experiment_id, a.phase_id, a.variant_id, a.unit_id, a.assigned_at as exposed_at, a.intent_id,
  a.attributes, a.id::text as exposure_key, a.assigned_at as received_at, a.tx
from public.assignments a;

comment on view private.unit_exposures is 'One row per exposure of a unit to an arm, whoever drew it.';

-- ==== sql/40_views/counted.sql

-- What the compactor counts, said once: which events are of which metric of which experiment, and of which unit.
create or replace view private.sightings with (security_invoker = true) as
select i.workspace_id, i.conversation, i.subject, i.started_at as seen_at, i.tx
from public.inferences i where i.conversation is not null
union all
select a.workspace_id, a.conversation, a.subject, a.assigned_at, a.tx
from public.assignments a where a.conversation is not null;

comment on view private.sightings is 'One row per call or exposure that says whose a conversation is.';

create or replace view private.counted_metrics with (security_invoker = true) as
select e.workspace_id, e.environment_id, e.id as experiment_id,
  case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind,
  m.id as metric_id, m.kind = 'ratio' as is_ratio, part.slot, part.event_metric_id, part.source,
  case when m.kind = 'ratio' then 'sum' else private.fold_of(m) end as fold,
  -- Seconds, not days: a window is as long in the night when clocks change.
  make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id
cross join lateral (
  select 'y' as slot, m.id as event_metric_id, 'outcomes' as source
) as part;

comment on view private.counted_metrics is E'One row per experiment × metric × slot: which events make its y, and the d of a ratio, how they fold and in which window.';

create or replace view private.unit_events with (security_invoker = true) as
select o.workspace_id, o.environment_id, 'subject' as unit_kind, o.subject as unit_id, 'outcomes' as source, o.metric_id,
  o.value, o.occurred_at as at, o.tx
from public.outcomes o where o.subject is not null
union all
select o.workspace_id, o.environment_id, 'conversation', o.conversation, 'outcomes', o.metric_id, o.value, o.occurred_at, o.tx
from public.outcomes o where o.conversation is not null
union all
select p.workspace_id, p.environment_id, 'subject', p.subject, 'outcomes', p.metric_id, p.value, p.occurred_at, p.tx
from private.outcome_places p where p.said_subject is null and p.subject is not null
union all
select p.workspace_id, p.environment_id, 'conversation', p.conversation, 'outcomes', p.metric_id, p.value, p.occurred_at, p.tx
from private.outcome_places p where p.said_conversation is null and p.conversation is not null;

comment on view private.unit_events is E'One row per outcome × unit that it is placed with: what a metric may count.';

-- ==== sql/40_views/experiment_effects.sql

-- From raw rows to effects in four steps that can each be read on their own:
-- what is compared → one number a subject → moments a phase and arm → one contrast.
create or replace view private.comparisons with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, e.key as experiment_key, e.environment_id,
  case e.unit when 'conversation' then 'conversation' else 'subject' end as unit_kind,
  v.id as variant_id, v.key as variant_key, v.name as variant_name, c.id as control_variant_id,
  m.id as metric_id, m.key as metric_key, m.name as metric_name, m.kind as metric_kind, m.unit as metric_unit,
  m.direction as metric_direction, em.role as metric_role, m.when_absent,
  private.fold_of(m) as per_subject,
  -- Seconds, not days: a window is as long in the night when clocks change.
  make_interval(secs => extract(epoch from m.attribution_window)::double precision) as attribution_window
from public.experiments e
join public.variants v on v.experiment_id = e.id and not v.is_control
join public.variants c on c.experiment_id = e.id and c.is_control
join public.experiment_metrics em on em.experiment_id = e.id
join public.outcome_metrics m on m.id = em.metric_id;

comment on view private.comparisons is 'One row per experiment × variant that is not the control × metric: what is compared with what, and how.';

create or replace view private.phase_cuts with (security_invoker = true) as
select p.id as phase_id, r.variant_id, min(r.rolled_back_at) as counts_until
from public.experiment_phases p
join public.variant_rollbacks r
  on r.workspace_id = p.workspace_id and r.experiment_id = p.experiment_id and r.phase_number >= p.number
group by p.id, r.variant_id;

comment on view private.phase_cuts is E'One row per phase × variant that was rolled back in or after it: when.\nFrom then on the phase''s subjects got something else, whether or not the variant came back.';

create or replace view private.comparison_subjects with (security_invoker = true) as
select c.experiment_id, c.variant_id, c.metric_id, a.phase_id, a.variant_id = c.variant_id as is_treated, a.unit_id,
  coalesce(
    case c.per_subject when 'max' then max(o.value) when 'sum' then sum(o.value) else avg(o.value) end,
    case c.when_absent when 'zero' then 0 end) as value
from private.comparisons c
join public.assignments a
  on a.workspace_id = c.workspace_id and a.experiment_id = c.experiment_id
  and a.variant_id in (c.variant_id, c.control_variant_id)
join public.experiment_phase_arms treated on treated.phase_id = a.phase_id and treated.variant_id = c.variant_id
join public.experiment_phase_arms control on control.phase_id = a.phase_id and control.variant_id = c.control_variant_id
left join private.phase_cuts cut on cut.phase_id = a.phase_id and cut.variant_id = c.variant_id
left join private.unit_outcomes o
  on o.workspace_id = c.workspace_id and o.environment_id = c.environment_id and o.metric_id = c.metric_id
  and o.unit_kind = c.unit_kind and o.unit_id = a.unit_id
  and o.occurred_at >= a.assigned_at
  and o.occurred_at < least(a.assigned_at + c.attribution_window, coalesce(cut.counts_until, 'infinity'))
group by c.experiment_id, c.variant_id, c.metric_id, c.per_subject, c.when_absent, a.phase_id, a.variant_id, a.unit_id;

comment on view private.comparison_subjects is E'One row per comparison × subject of its two arms, in the phases that had both: the subject''s value.\nAs assigned. Outcomes count from the first exposure to the end of the window, the end excluded, and not after the variant was rolled back. Null when the subject has none and absence is excluded.';

create or replace view private.comparison_cells with (security_invoker = true) as
select s.experiment_id, s.variant_id, s.metric_id, s.phase_id, s.is_treated,
  count(s.value)::double precision as n,
  avg(s.value) as mean,
  -- Equal values have no variance at all; rounding would leave a little.
  case when min(s.value) = max(s.value) and count(s.value) > 1 then 0 else var_samp(s.value) end as variance
from private.comparison_subjects s
group by s.experiment_id, s.variant_id, s.metric_id, s.phase_id, s.is_treated;

comment on view private.comparison_cells is 'One row per comparison × phase × arm: n, mean and variance of the subjects'' values.';

create or replace function private.moments_of(experiment_id uuid) returns table (
  variant_id uuid, metric_id uuid, all_control double precision, all_variant double precision,
  pooled_control double precision, pooled_variant double precision,
  n_control double precision, n_variant double precision,
  mean_control double precision, mean_variant double precision,
  var_control double precision, var_variant double precision,
  spread_control double precision, spread_variant double precision
)
language sql stable rows 10
set search_path = ''
-- Fresh tables have no statistics, and a planner without them joins in ways that are quadratic in subjects.
set enable_nestloop = off
set enable_mergejoin = off
as $$
  with phases as (
    select c.variant_id, c.metric_id, c.phase_id,
      coalesce(max(c.n) filter (where not c.is_treated), 0) as n0,
      coalesce(max(c.n) filter (where c.is_treated), 0) as n1,
      max(c.mean) filter (where not c.is_treated) as m0, max(c.mean) filter (where c.is_treated) as m1,
      max(c.variance) filter (where not c.is_treated) as v0, max(c.variance) filter (where c.is_treated) as v1,
      count(*) filter (where c.n >= 2) = 2 as usable
    from private.comparison_cells c
    where c.experiment_id = moments_of.experiment_id
    group by c.variant_id, c.metric_id, c.phase_id
  ),
  weighed as (
    select p.*, (p.n0 + p.n1) / sum(p.n0 + p.n1) filter (where p.usable) over (
      partition by p.variant_id, p.metric_id) as w
    from phases p
  )
  select p.variant_id, p.metric_id, sum(p.n0), sum(p.n1),
    sum(p.n0 * p.m0) / nullif(sum(p.n0), 0), sum(p.n1 * p.m1) / nullif(sum(p.n1), 0),
    sum(p.n0) filter (where p.usable), sum(p.n1) filter (where p.usable),
    sum(p.w * p.m0) filter (where p.usable), sum(p.w * p.m1) filter (where p.usable),
    sum(p.w ^ 2 * p.v0 / p.n0) filter (where p.usable), sum(p.w ^ 2 * p.v1 / p.n1) filter (where p.usable),
    sum((p.w ^ 2 * p.v0 / p.n0) ^ 2 / (p.n0 - 1)) filter (where p.usable),
    sum((p.w ^ 2 * p.v1 / p.n1) ^ 2 / (p.n1 - 1)) filter (where p.usable)
  from weighed p
  group by p.variant_id, p.metric_id
$$;

comment on function private.moments_of(uuid) is E'An experiment''s comparisons, each with its phases put together by their number of subjects (post-stratified).\nA phase with fewer than two subjects in an arm has no variance there and is left out. spread_… are the terms of Welch and Satterthwaite''s degrees of freedom.';

create or replace view public.experiment_effects with (security_invoker = true) as
select e.workspace_id, e.id as experiment_id, c.experiment_key,
  c.metric_id, c.metric_key, c.metric_name, c.metric_kind, c.metric_unit, c.metric_direction, c.metric_role,
  c.variant_id, c.variant_key, c.variant_name, c.control_variant_id,
  coalesce(k.n_control, k.all_control, 0)::bigint as n_control,
  coalesce(k.n_variant, k.all_variant, 0)::bigint as n_variant,
  f.mean_control, f.mean_variant, f.difference, f.std_error, f.degrees_of_freedom,
  f.ci_low, f.ci_high, 0.95::double precision as confidence_level, f.p_value,
  l.lift, l.ci_low as lift_low, l.ci_high as lift_high,
  case
    when r.reason_code is not null then null
    when f.ci_low <= 0 and f.ci_high >= 0 then 'undecided'
    when (f.difference > 0) = (c.metric_direction = 'increase') then 'better'
    else 'worse'
  end as verdict,
  'welch_t'::text as method, 'A'::text as grade, r.reason_code, now() as as_of
from public.experiments e
cross join lateral (select h.srm_status from public.experiment_health h where h.experiment_id = e.id offset 0) as h
join private.comparisons c on c.experiment_id = e.id
left join lateral private.moments_of(e.id) k on k.variant_id = c.variant_id and k.metric_id = c.metric_id
cross join lateral (select c.metric_kind in ('proportion', 'mean', 'count', 'duration') as is_supported) as s
cross join lateral (
  select row(k.n_control, case when s.is_supported then coalesce(k.mean_control, k.pooled_control) end,
      k.var_control, k.spread_control)::stats.readout as control,
    row(k.n_variant, case when s.is_supported then coalesce(k.mean_variant, k.pooled_variant) end,
      k.var_variant, k.spread_variant)::stats.readout as variant
) as a
cross join lateral stats.contrast(a.control, a.variant) as f
cross join lateral stats.lift(a.control, a.variant) as l
cross join lateral (select case
  when not s.is_supported then 'kind_not_supported'
  when coalesce(k.all_control, 0) + coalesce(k.all_variant, 0) = 0 then 'no_subjects'
  when k.n_control is null then 'too_few_subjects'
  when f.std_error = 0 then 'zero_variance'
  when h.srm_status = 'mismatch' then 'sample_ratio_mismatch'
end as reason_code) as r;

comment on view public.experiment_effects is E'One row per experiment × variant that is not the control × metric: what the variant did to the outcome.\nBy subject, as assigned: difference of means against control, Welch''s t interval, relative lift. An effect that cannot be computed is null with a reason_code.';
comment on column public.experiment_effects.workspace_id is 'The workspace.';
comment on column public.experiment_effects.experiment_id is 'The experiment.';
comment on column public.experiment_effects.experiment_key is 'Its key.';
comment on column public.experiment_effects.metric_id is 'The outcome metric.';
comment on column public.experiment_effects.metric_key is 'Its key.';
comment on column public.experiment_effects.metric_name is 'Its name.';
comment on column public.experiment_effects.metric_kind is 'Its kind.';
comment on column public.experiment_effects.metric_unit is 'The unit of the means, the difference and its interval.';
comment on column public.experiment_effects.metric_direction is 'Which way is better.';
comment on column public.experiment_effects.metric_role is 'primary, secondary or guardrail in this experiment.';
comment on column public.experiment_effects.variant_id is 'The variant.';
comment on column public.experiment_effects.variant_key is 'Its key.';
comment on column public.experiment_effects.variant_name is 'Its name.';
comment on column public.experiment_effects.control_variant_id is 'The control that it is compared with.';
comment on column public.experiment_effects.n_control is 'Subjects of the control that count.';
comment on column public.experiment_effects.n_variant is 'Subjects of the variant that count.';
comment on column public.experiment_effects.mean_control is 'Mean over the control''s subjects; for a proportion, the rate.';
comment on column public.experiment_effects.mean_variant is 'Mean over the variant''s subjects.';
comment on column public.experiment_effects.difference is 'Variant minus control.';
comment on column public.experiment_effects.std_error is 'Standard error of the difference.';
comment on column public.experiment_effects.degrees_of_freedom is 'Welch and Satterthwaite''s.';
comment on column public.experiment_effects.ci_low is 'Lower end of the interval of the difference.';
comment on column public.experiment_effects.ci_high is 'Upper end.';
comment on column public.experiment_effects.confidence_level is 'Of the intervals.';
comment on column public.experiment_effects.p_value is 'Two-sided, for no difference.';
comment on column public.experiment_effects.lift is 'Difference relative to the control''s mean; null when that is not clearly above zero.';
comment on column public.experiment_effects.lift_low is 'Lower end of the interval of the lift.';
comment on column public.experiment_effects.lift_high is 'Upper end.';
comment on column public.experiment_effects.verdict is 'better, worse, undecided; null when there is nothing to believe yet.';
comment on column public.experiment_effects.method is 'How the interval was computed.';
comment on column public.experiment_effects.grade is 'Grade of evidence: A, randomised.';
comment on column public.experiment_effects.reason_code is 'Why numbers or the verdict are absent: no_subjects, too_few_subjects, zero_variance, kind_not_supported, sample_ratio_mismatch.';
comment on column public.experiment_effects.as_of is 'When it was computed.';

-- ==== sql/40_views/ramp_guardrails.sql

create or replace view public.ramp_guardrails with (security_invoker = true) as
select r.workspace_id, r.id as ramp_id, r.experiment_id, f.metric_id, f.metric_key, f.metric_name, f.metric_unit,
  f.metric_direction, f.margin, f.n_control, f.n_variant, r.min_subjects, f.mean_control, f.mean_variant,
  f.harm, f.harm_low, f.harm_high,
  case
    when f.reason_code <> 'zero_variance' or least(f.n_control, f.n_variant) < least(r.min_subjects, 20) then 'waiting'
    when coalesce(f.harm_low, f.harm) > f.margin then 'breached'
    when least(f.n_control, f.n_variant) < r.min_subjects then 'waiting'
    else 'stands'
  end as status,
  coalesce(nullif(f.reason_code, 'zero_variance'),
    case when least(f.n_control, f.n_variant) < r.min_subjects then 'below_min_subjects' end) as reason_code,
  f.as_of
from public.ramps r
cross join lateral (
  select e.*, coalesce(m.margin, 0) as margin,
    case e.metric_direction when 'increase' then - e.difference else e.difference end as harm,
    case e.metric_direction when 'increase' then - e.ci_high else e.ci_low end as harm_low,
    case e.metric_direction when 'increase' then - e.ci_low else e.ci_high end as harm_high
  from public.experiment_effects e
  join public.experiment_metrics m on m.experiment_id = e.experiment_id and m.metric_id = e.metric_id
  where e.experiment_id = r.experiment_id and e.metric_role = 'guardrail'
  -- One ramp at a time: effects are not computed for experiments that nobody asked about.
  offset 0
) as f;

comment on view public.ramp_guardrails is E'One row per ramp × guardrail: whether the new version is worse than the margin allows, with the numbers that say so.\nharm is how much worse the new version is than the live one, in the metric''s unit, whichever way is better. breached: its whole interval lies beyond the margin (from 20 subjects an arm, or min_subjects if fewer). stands: it does not, with min_subjects in each arm. waiting: reason_code says for what.';
comment on column public.ramp_guardrails.workspace_id is 'The workspace.';
comment on column public.ramp_guardrails.ramp_id is 'The ramp.';
comment on column public.ramp_guardrails.experiment_id is 'The experiment that it runs as.';
comment on column public.ramp_guardrails.metric_id is 'The outcome metric.';
comment on column public.ramp_guardrails.metric_key is 'Its key.';
comment on column public.ramp_guardrails.metric_name is 'Its name.';
comment on column public.ramp_guardrails.metric_unit is 'The unit of harm and margin.';
comment on column public.ramp_guardrails.metric_direction is 'Which way is better.';
comment on column public.ramp_guardrails.margin is 'How much worse is still acceptable.';
comment on column public.ramp_guardrails.n_control is 'Subjects with the live version that count.';
comment on column public.ramp_guardrails.n_variant is 'Subjects with the new version that count.';
comment on column public.ramp_guardrails.min_subjects is 'How many each arm needs.';
comment on column public.ramp_guardrails.mean_control is 'Mean with the live version.';
comment on column public.ramp_guardrails.mean_variant is 'Mean with the new version.';
comment on column public.ramp_guardrails.harm is 'How much worse the new version is; negative when it is better.';
comment on column public.ramp_guardrails.harm_low is 'Lower end of its 95 % interval.';
comment on column public.ramp_guardrails.harm_high is 'Upper end.';
comment on column public.ramp_guardrails.status is 'stands, waiting or breached.';
comment on column public.ramp_guardrails.reason_code is 'Why it waits: below_min_subjects, no_subjects, too_few_subjects, sample_ratio_mismatch; null when it does not.';
comment on column public.ramp_guardrails.as_of is 'When it was computed.';

-- ==== sql/20_functions/folding.sql

-- The arithmetic of a unit's value. Sums are numeric, of the shortest decimal that is the double: exact, whatever the order.
create or replace function private.exact(value double precision) returns numeric
language sql immutable parallel safe
set search_path = ''
return case when value = trunc(value) and abs(value) < 1e15 then value::bigint::numeric else value::text::numeric end;

comment on function private.exact(double precision) is 'A double as the shortest decimal that it is.';

create or replace function private.folded(fold text, events bigint, total numeric, top double precision)
returns double precision
language sql immutable parallel safe
set search_path = ''
-- Trimmed, so that a quotient does not remember how many decimals have come and gone.
return case
  when events = 0 then 0
  when fold = 'max' then top
  when fold = 'mean' then (trim_scale(total) / events)::double precision
  else total::double precision
end;

comment on function private.folded(text, bigint, numeric, double precision) is
'One number of a unit''s events: their sum, mean or maximum; zero where there are none.';

create or replace function private.span_of(
  at timestamptz, entered_at timestamptz, counts_until timestamptz, attribution_window interval
) returns text
language sql stable parallel safe
set search_path = ''
return case
  when at >= entered_at then
    case when at < entered_at + attribution_window and at < counts_until then 'used' else 'after' end
  when at >= entered_at - attribution_window then 'covariate'
  else 'before'
end;

comment on function private.span_of(timestamptz, timestamptz, timestamptz, interval) is
E'Where an event stands to a unit''s first exposure: used, after, covariate (in the window before), before.\nWindows are half open.';

create type private.tally as (
  experiment_id uuid, metric_id uuid, unit_id text, is_ratio boolean, fold text,
  used bigint, covariate bigint, before bigint, after bigint,
  y_sum numeric, y_top double precision, d_sum numeric, x_sum numeric, x_top double precision, w_sum numeric
);

comment on type private.tally is 'Events of a unit that one metric of an experiment counts, added up by where they stand.';

create or replace function private.value_of(workspace_id uuid, t private.tally) returns private.unit_values
language sql immutable parallel safe
set search_path = ''
return (
  workspace_id, t.experiment_id, t.metric_id, t.unit_id, t.used, t.covariate + t.before, t.after, t.covariate,
  case when t.fold <> 'max' then coalesce(t.y_sum, 0) end, case when t.is_ratio then coalesce(t.d_sum, 0) end,
  case when t.fold <> 'max' then coalesce(t.x_sum, 0) end, case when t.is_ratio then coalesce(t.w_sum, 0) end,
  private.folded(t.fold, t.used, coalesce(t.y_sum, 0), t.y_top),
  case when t.is_ratio then coalesce(t.d_sum, 0) else least(t.used, 1) end::double precision,
  private.folded(t.fold, t.covariate, coalesce(t.x_sum, 0), t.x_top),
  case when t.is_ratio then coalesce(t.w_sum, 0) else least(t.covariate, 1) end::double precision
)::private.unit_values;

comment on function private.value_of(uuid, private.tally) is 'What a unit is worth to a metric, from what it counts.';

create type private.moment_cell as (
  workspace_id uuid, experiment_id uuid, metric_id uuid, phase_id uuid, variant_id uuid, standing text, intent_id uuid,
  segments jsonb, entry_day date, units_with_value bigint, outcomes_used bigint, outcomes_before bigint,
  outcomes_after bigint, y numeric, d numeric, x numeric, w numeric, yy numeric, yd numeric, yx numeric, yw numeric, dd numeric, dx numeric, dw numeric, xx numeric, xw numeric, ww numeric
);

comment on type private.moment_cell is 'Sums over units that nothing tells apart: same arm, cohort and segments.';

create type private.unit_cell as (
  workspace_id uuid, experiment_id uuid, phase_id uuid, variant_id uuid, standing text, intent_id uuid, segments jsonb,
  entry_day date, units bigint
);

comment on type private.unit_cell is 'How many units nothing tells apart.';

-- ==== sql/20_functions/places.sql

-- Whose an outcome is, when its source did not say. From raw, for everything at once; placing.sql keeps up with what is new.
create or replace function private.resolved_outcomes(before bigint, tenant uuid default null)
returns setof private.outcome_places
language plpgsql stable
set search_path = ''
set enable_nestloop = off
as $$
begin
  return query
  with heard as materialized (
    select o.* from public.outcomes o
    where o.tx < before and (tenant is null or o.workspace_id = tenant)
      and (o.subject is null or o.conversation is null and num_nonnulls(o.inference_id, o.key_value) > 0)
  ),
  by_conversation as materialized (
    select distinct on (s.workspace_id, s.conversation) s.workspace_id, s.conversation, s.subject
    from private.sightings s
    where s.tx < before and (s.workspace_id, s.conversation) in (
      select h.workspace_id, h.conversation from heard h where h.subject is null and h.conversation is not null)
    order by s.workspace_id, s.conversation, s.seen_at, s.subject
  ),
  by_key as materialized (
    select distinct on (k.workspace_id, k.key_type, k.key_value) k.*
    from public.outcome_keys k
    where k.tx < before and (k.workspace_id, k.key_type, k.key_value) in (
      select h.workspace_id, h.key_type, h.key_value from heard h where h.key_value is not null)
    order by k.workspace_id, k.key_type, k.key_value, k.seen_at, k.subject, k.conversation
  )
  select h.id, h.workspace_id, h.environment_id, h.metric_id, h.value, h.occurred_at, h.subject, h.conversation,
    h.inference_id, h.key_type, h.key_value,
    coalesce(h.subject, i.subject, c.subject, k.subject),
    coalesce(h.conversation, i.conversation, nullif(k.conversation, '')), h.tx
  from heard h
  left join public.inferences i on i.workspace_id = h.workspace_id and i.id = h.inference_id and i.tx < before
  left join by_conversation c on c.workspace_id = h.workspace_id and c.conversation = h.conversation and h.subject is null
  left join by_key k on k.workspace_id = h.workspace_id and k.key_type = h.key_type and k.key_value = h.key_value;
end
$$;

comment on function private.resolved_outcomes(bigint, uuid) is
E'Every outcome whose source did not say all of its place, placed by what transactions before a watermark wrote.\nWhat the source said comes first, then the inference, the conversation and the business key. Ties go to the earliest by the callers'' clocks.';

create or replace function private.place_all(before bigint) returns void
language plpgsql
set search_path = ''
as $$
begin
  delete from private.outcome_places p where p.outcome_id is not null;
  insert into private.outcome_places select r.* from private.resolved_outcomes(before) r;
end
$$;

comment on function private.place_all(bigint) is 'Places every outcome anew.';

-- ==== sql/20_functions/moments.sql

-- From units to sums: first by everything that tells units apart, then spread over what a page asks for.
create or replace function private.segments_of(experiment_id uuid, attributes jsonb) returns jsonb
language sql stable
set search_path = ''
return '{}'::jsonb;

comment on function private.segments_of(uuid, jsonb) is 'The declared segments of a unit, from the attributes of its first exposure.';

create or replace function private.dimensions_of(intent_id uuid, segments jsonb)
returns table (dimension text, segment text)
language sql immutable parallel safe rows 2
set search_path = ''
as $$
  select 'all', '' union all
  select 'intent', coalesce(intent_id::text, '') union all
  select 'attribute:' || s.key, s.value from jsonb_each_text(segments) s
$$;

comment on function private.dimensions_of(uuid, jsonb) is 'The segments that a unit is summed in.';

create or replace function private.spread_moments(cells private.moment_cell[]) returns setof private.effect_moments
language sql stable
set search_path = ''
set enable_nestloop = on
as $$
  select c.workspace_id, c.experiment_id, c.metric_id, c.phase_id, c.variant_id, c.standing, s.dimension, s.segment,
    d.entry_day, sum(c.units_with_value)::bigint, sum(c.outcomes_used)::bigint, sum(c.outcomes_before)::bigint,
    sum(c.outcomes_after)::bigint, sum(c.y), sum(c.d), sum(c.x), sum(c.w), sum(c.yy), sum(c.yd), sum(c.yx), sum(c.yw),
    sum(c.dd), sum(c.dx), sum(c.dw), sum(c.xx), sum(c.xw), sum(c.ww)
  from unnest(cells) c
  cross join lateral private.dimensions_of(c.intent_id, c.segments) s
  cross join lateral (values (c.entry_day), ('infinity'::date)) as d (entry_day)
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9
$$;

comment on function private.spread_moments(private.moment_cell[]) is 'Sums by arm and cohort, for each segment and for the total of all cohorts.';

create or replace function private.spread_units(cells private.unit_cell[]) returns setof private.unit_cells
language sql stable
set search_path = ''
as $$
  select c.workspace_id, c.experiment_id, c.phase_id, c.variant_id, c.standing, s.dimension, s.segment, d.entry_day,
    sum(c.units)::bigint
  from unnest(cells) c
  cross join lateral private.dimensions_of(c.intent_id, c.segments) s
  cross join lateral (values (c.entry_day), ('infinity'::date)) as d (entry_day)
  group by 1, 2, 3, 4, 5, 6, 7, 8
$$;

comment on function private.spread_units(private.unit_cell[]) is 'Units by arm and cohort, for each segment and for the total of all cohorts.';

create or replace function private.expected_cells(experiment_id uuid) returns setof private.unit_cells
language sql stable
set search_path = ''
as $$
  select s.* from private.spread_units(array(
    select (u.workspace_id, u.experiment_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.segments, u.entry_day,
      count(*))::private.unit_cell
    from private.experiment_units u where u.experiment_id = expected_cells.experiment_id
    group by u.workspace_id, u.experiment_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.segments, u.entry_day)) s
$$;

comment on function private.expected_cells(uuid) is 'How many units an experiment has by arm, cohort and segment, counted anew.';

create or replace function private.expected_moments(experiment_id uuid) returns setof private.effect_moments
language sql stable
set search_path = ''
set enable_nestloop = off
set extra_float_digits = 1
as $$
  select s.* from private.spread_moments(array(
    select (u.workspace_id, u.experiment_id, v.metric_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.segments,
      u.entry_day, count(*) filter (where v.outcomes_used > 0), sum(v.outcomes_used)::bigint, sum(v.outcomes_before)::bigint,
      sum(v.outcomes_after)::bigint, sum(n.y), sum(n.d), sum(n.x), sum(n.w), sum(n.y * n.y), sum(n.y * n.d), sum(n.y * n.x),
      sum(n.y * n.w), sum(n.d * n.d), sum(n.d * n.x), sum(n.d * n.w), sum(n.x * n.x), sum(n.x * n.w), sum(n.w * n.w)
      )::private.moment_cell
    from private.unit_values v
    join private.experiment_units u on u.experiment_id = v.experiment_id and u.unit_id = v.unit_id
    cross join lateral (select private.exact(v.y), private.exact(v.d), private.exact(v.x), private.exact(v.w)) as n (y, d, x, w)
    where v.experiment_id = expected_moments.experiment_id and u.experiment_id = expected_moments.experiment_id
    group by u.workspace_id, u.experiment_id, v.metric_id, u.phase_id, u.variant_id, u.standing, u.intent_id, u.segments,
      u.entry_day)) s
$$;

comment on function private.expected_moments(uuid) is 'The moments of an experiment by arm, cohort and segment, summed anew.';

-- ==== sql/20_functions/rebuild.sql

-- One experiment from its raw rows: units, values, moments. What the compactor keeps up incrementally must be equal to this.
-- Fresh tables have no statistics, and a planner without them joins in ways that are quadratic in subjects: no nested loops.
create or replace function private.expected_units(experiment_id uuid, before bigint)
returns setof private.experiment_units
language plpgsql stable
set search_path = ''
set enable_nestloop = off
as $$
begin
  return query
  with seen as materialized (
    select x.* from private.unit_exposures x where x.experiment_id = expected_units.experiment_id and x.tx < before
  ),
  firsts as (
    select distinct on (s.unit_id) s.* from seen s order by s.unit_id, s.exposed_at, s.exposure_key
  ),
  arms as (
    select s.unit_id, s.variant_id, bool_or(s.attributes -> 'bot' = 'true'::jsonb) as is_bot
    from seen s group by s.unit_id, s.variant_id
    union all
    select case e.unit when 'conversation' then i.conversation else i.subject end, i.variant_id, false
    from public.experiments e
    join public.inferences i on i.workspace_id = e.workspace_id and i.experiment_id = e.id
    where e.id = expected_units.experiment_id and i.variant_id is not null and i.tx < before
    group by 1, 2
  ),
  known as (
    select a.unit_id, bool_or(a.is_bot) as is_bot, count(distinct a.variant_id) > 1 as is_switcher from arms a group by 1
  )
  select f.workspace_id, f.experiment_id, f.unit_id, f.phase_id, f.variant_id, f.exposed_at,
    (f.exposed_at at time zone 'UTC')::date, coalesce(cut.counts_until, 'infinity'), f.intent_id,
    private.segments_of(f.experiment_id, f.attributes),
    case when k.is_bot then 'bot' when k.is_switcher then 'switcher' else 'counted' end
  from firsts f
  join known k on k.unit_id = f.unit_id
  left join private.phase_cuts cut on cut.phase_id = f.phase_id and cut.variant_id = f.variant_id;
end
$$;

comment on function private.expected_units(uuid, bigint) is
E'The units of an experiment, from its exposures and inferences.\nA bot was called one by any exposure. A switcher had exposures or inferences in two arms.';

create or replace function private.expected_values(experiment_id uuid, before bigint) returns setof private.unit_values
language plpgsql stable
set search_path = ''
set enable_nestloop = off
set extra_float_digits = 1
as $$
begin
  return query
  with counted as materialized (
    select c.* from private.counted_metrics c where c.experiment_id = expected_values.experiment_id
  ),
  events as (
    select u.workspace_id, c.metric_id, u.unit_id, c.is_ratio, c.fold, c.slot, e.value, private.exact(e.value) as sum,
      private.span_of(e.at, u.entered_at, u.counts_until, c.attribution_window) as span
    from counted c
    join private.unit_events e
      on e.workspace_id = c.workspace_id and e.environment_id = c.environment_id and e.unit_kind = c.unit_kind
      and e.source = c.source and e.metric_id is not distinct from c.event_metric_id and e.tx < before
    join private.experiment_units u on u.experiment_id = expected_values.experiment_id and u.unit_id = e.unit_id
  )
  select (private.value_of(e.workspace_id, (
      expected_values.experiment_id, e.metric_id, e.unit_id, e.is_ratio, e.fold,
      count(*) filter (where e.span = 'used'), count(*) filter (where e.span = 'covariate'),
      count(*) filter (where e.span = 'before'), count(*) filter (where e.span = 'after'),
      sum(e.sum) filter (where e.span = 'used' and e.slot = 'y'),
      max(e.value) filter (where e.span = 'used' and e.slot = 'y'),
      sum(e.sum) filter (where e.span = 'used' and e.slot = 'd'),
      sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'y'),
      max(e.value) filter (where e.span = 'covariate' and e.slot = 'y'),
      sum(e.sum) filter (where e.span = 'covariate' and e.slot = 'd'))::private.tally)).*
  from events e
  group by e.workspace_id, e.metric_id, e.unit_id, e.is_ratio, e.fold;
end
$$;

comment on function private.expected_values(uuid, bigint) is
'What the units of an experiment are worth to its metrics, from the events of transactions before a watermark.';

create or replace function private.rebuild_at(experiment_id uuid, before bigint) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_variable
begin
  delete from private.effect_moments m where m.experiment_id = experiment_id;
  delete from private.unit_cells c where c.experiment_id = experiment_id;
  delete from private.unit_values v where v.experiment_id = experiment_id;
  delete from private.experiment_units u where u.experiment_id = experiment_id;
  insert into private.experiment_units select u.* from private.expected_units(experiment_id, before) u;
  insert into private.unit_cells select c.* from private.expected_cells(experiment_id) c;
  insert into private.unit_values select v.* from private.expected_values(experiment_id, before) v;
  insert into private.effect_moments select m.* from private.expected_moments(experiment_id) m;
end
$$;

comment on function private.rebuild_at(uuid, bigint) is 'Computes an experiment anew, from the transactions before a watermark.';

create or replace function private.rebuild(experiment_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
begin
  -- The compactor stands still meanwhile: both write the same rows.
  perform pg_advisory_xact_lock(private.compactor_lock());
  perform private.rebuild_at(experiment_id, (select w.lo from private.watermark w));
end
$$;

comment on function private.rebuild(uuid) is
E'Computes one experiment''s units, values and moments anew from the raw rows that the compactor has come to.\nDefiner: nobody may write them by hand.';

-- ==== sql/20_functions/compact.sql

create or replace function private.compactor_lock() returns bigint
language sql immutable parallel safe
set search_path = ''
return 7235419001844372;

comment on function private.compactor_lock() is 'The advisory lock that whoever writes units, values and moments holds.';

create or replace function private.compact_days(from_tx bigint, to_tx bigint) returns void
language sql
set search_path = ''
begin atomic
end;

comment on function private.compact_days(bigint, bigint) is
'What the daily tiers do with the raw rows of a range of transactions, the end excluded, in the compactor''s transaction.';

create or replace function private.mark_unit(workspace_id uuid, unit_kind text, unit_id text) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.marked_units (workspace_id, unit_kind, unit_id)
  values (mark_unit.workspace_id, mark_unit.unit_kind, mark_unit.unit_id)
  on conflict do nothing;
end
$$;

comment on function private.mark_unit(uuid, text, text) is
E'Has the compactor compute a unit anew, when this transaction is over: to be called by whoever takes raw rows of it away.\nunit_kind is subject or conversation; a row that says both marks both.';

create or replace function private.compact() returns jsonb
language plpgsql security definer
set search_path = ''
set synchronous_commit = off
as $$
declare
  mark private.watermark;
  until constant bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
begin
  if not pg_try_advisory_xact_lock(private.compactor_lock()) then
    return '{"state": "busy"}'::jsonb;
  end if;
  select w.* into mark from private.watermark w for update;
  if until <= mark.lo then
    return jsonb_build_object('state', 'idle', 'lo', mark.lo);
  end if;
  perform private.place_all(until);
  perform private.rebuild_at(e.id, until) from public.experiments e where e.started_at is not null;
  perform private.compact_days(mark.lo, until);
  update private.watermark w set lo = until, covers_until = now(), compacted_at = clock_timestamp() where w.one;
  return jsonb_build_object('state', 'moved', 'lo', until);
end
$$;

comment on function private.compact() is
E'One tick: counts what was committed since the last one.\nDefiner: nobody may write units, values and moments by hand; the worker alone may call it.';

-- ==== sql/20_functions/preview_effects.sql

-- What a move would do to outcomes, as far as the database knows: a finished or running experiment between the two
-- versions (A), else the subjects who got the one or the other (C). What cannot be computed is null, with its reason.
create or replace function private.randomised_evidence(scope private.scope, live uuid, after uuid)
returns table (experiment_id uuid, variant_id uuid, sign integer)
language sql stable rows 1
set search_path = ''
as $$
  select e.id, v.id, case x.control when randomised_evidence.live then 1 else -1 end
  from public.experiments e
  join public.variants v on v.experiment_id = e.id and not v.is_control
  join public.variants c on c.experiment_id = e.id and c.is_control
  cross join lateral (select
    private.version_of(c.id, (scope).action_id) as control, private.version_of(v.id, (scope).action_id) as treated) x
  where e.workspace_id = (scope).workspace_id and e.environment_id = (scope).environment_id
    and e.capability_id = (scope).capability_id and e.started_at is not null
    and (x.control, x.treated) in (
      (randomised_evidence.live, randomised_evidence.after), (randomised_evidence.after, randomised_evidence.live))
    and ((scope).action_id is null and not exists (select from public.experiment_actions s where s.experiment_id = e.id)
      or (scope).action_id is not null and (
        not exists (select from public.experiment_actions s where s.experiment_id = e.id)
        or (scope).action_id in (select s.action_id from public.experiment_actions s where s.experiment_id = e.id)))
    and ((scope).intent_id is null and not exists (select from public.experiment_intents s where s.experiment_id = e.id)
      or (scope).intent_id is not null and (
        not exists (select from public.experiment_intents s where s.experiment_id = e.id)
        or (scope).intent_id in (select s.intent_id from public.experiment_intents s where s.experiment_id = e.id)))
  order by e.started_at desc
  limit 1
$$;

comment on function private.randomised_evidence(private.scope, uuid, uuid) is
'The latest experiment over the whole scope that compared the two versions; the sign turns variant minus control into after minus live.';

create or replace function private.version_moments(scope private.scope, live uuid, after uuid) returns table (
  metric_id uuid, is_after boolean, exposed bigint, n double precision, mean double precision, variance double precision
)
language sql stable rows 20
set search_path = ''
-- As moments_of: without statistics, joins by nested loops are quadratic in subjects.
set enable_nestloop = off
as $$
  with seen as (
    select i.prompt_version_id as version_id, i.subject, min(i.started_at) as first_at
    from public.inferences i
    where i.workspace_id = (scope).workspace_id and i.environment_id = (scope).environment_id
      and i.capability_id = (scope).capability_id
      and ((scope).action_id is null or i.action_id = (scope).action_id)
      and ((scope).intent_id is null or i.intent_id = (scope).intent_id)
      and i.experiment_id is null
      and i.prompt_version_id in (version_moments.live, version_moments.after)
      and i.received_at > least(private.now(), pg_catalog.now()) - interval '28 days'
    group by i.prompt_version_id, i.subject
  ),
  exposed as (
    select s.version_id, s.subject, s.first_at,
      lead(s.first_at, 1, private.now()) over (partition by s.subject order by s.first_at) as until_at
    from seen s
  ),
  subjects as (
    select m.id as metric_id, x.version_id, x.subject, x.first_at, m.when_absent, private.fold_of(m) as fold,
      x.first_at + make_interval(secs => extract(epoch from m.attribution_window)::double precision) as ends_at,
      x.until_at
    from exposed x cross join public.outcome_metrics m
    where m.workspace_id = (scope).workspace_id
  ),
  folded as (
    select s.metric_id, s.version_id, s.subject, s.ends_at <= s.until_at as is_whole,
      coalesce(case s.fold when 'max' then max(o.value) when 'sum' then sum(o.value) else avg(o.value) end,
        case s.when_absent when 'zero' then 0 end) as value
    from subjects s
    left join private.unit_outcomes o
      on o.workspace_id = (scope).workspace_id and o.environment_id = (scope).environment_id
      and o.metric_id = s.metric_id and o.unit_kind = 'subject' and o.unit_id = s.subject
      and o.occurred_at >= s.first_at and o.occurred_at < s.ends_at
    group by s.metric_id, s.version_id, s.subject, s.ends_at, s.until_at, s.fold, s.when_absent
  )
  select f.metric_id, f.version_id = version_moments.after, count(*),
    count(f.value) filter (where f.is_whole)::double precision, avg(f.value) filter (where f.is_whole),
    case when min(f.value) filter (where f.is_whole) = max(f.value) filter (where f.is_whole) then 0
      else var_samp(f.value) filter (where f.is_whole) end
  from folded f
  group by f.metric_id, f.version_id
$$;

comment on function private.version_moments(private.scope, uuid, uuid) is
E'Per metric and version: subjects who got it outside of experiments in the last 28 days, and their values.\nOnly whole attribution windows count: one that is still open, or in which the subject got the other version, would make the later version look worse.';

create or replace function private.before_after(scope private.scope, live uuid, after uuid) returns table (
  metric_id uuid, difference double precision, ci_low double precision, ci_high double precision,
  mean_live double precision, mean_after double precision, n_live bigint, n_after bigint, reason_code text
)
language sql stable rows 10
set search_path = ''
as $$
  with moments as materialized (select v.* from private.version_moments(scope, live, after) v)
  select m.id, case when w.std_error is not null then w.difference end, w.ci_low, w.ci_high, a.mean, b.mean,
    coalesce(a.n, 0)::bigint, coalesce(b.n, 0)::bigint,
    case
      when m.kind not in ('proportion', 'mean', 'count', 'duration') then 'kind_not_supported'
      when a.exposed is null or b.exposed is null then 'no_subjects'
      when a.n = 0 and b.n = 0 then 'windows_open'
      when least(a.n, b.n) < 2 then 'too_few_subjects'
      when w.std_error = 0 then 'zero_variance'
    end
  from public.outcome_metrics m
  left join moments a on a.metric_id = m.id and not a.is_after
  left join moments b on b.metric_id = m.id and b.is_after
  cross join lateral stats.contrast(
    stats.readout_of(a.n, case when m.kind in ('proportion', 'mean', 'count', 'duration') then a.mean end, a.variance / nullif(a.n, 0)),
    stats.readout_of(b.n, b.mean, b.variance / nullif(b.n, 0))) as w
  where m.workspace_id = (scope).workspace_id
$$;

comment on function private.before_after(private.scope, uuid, uuid) is
'After minus live for each metric, from subjects who got the one or the other: grade C, because everything else may have changed between them.';

create or replace function private.preview_effects(scope private.scope, live uuid, after uuid) returns jsonb
language sql stable
set search_path = ''
as $$
  with randomised as (
    select f.metric_id, r.experiment_id, f.difference * r.sign as difference,
      case r.sign when 1 then f.ci_low else - f.ci_high end as ci_low,
      case r.sign when 1 then f.ci_high else - f.ci_low end as ci_high,
      case r.sign when 1 then f.mean_control else f.mean_variant end as mean_live,
      case r.sign when 1 then f.mean_variant else f.mean_control end as mean_after,
      case r.sign when 1 then f.n_control else f.n_variant end as n_live,
      case r.sign when 1 then f.n_variant else f.n_control end as n_after
    from private.randomised_evidence(scope, live, after) r
    join public.experiment_effects f on f.experiment_id = r.experiment_id and f.variant_id = r.variant_id
    where f.reason_code is null
  ),
  chosen as (
    select m.*, r.metric_id is not null as is_randomised, r.experiment_id,
      case when r.metric_id is null then c.reason_code end as reason_code,
      coalesce(r.mean_live, c.mean_live) as mean_live, coalesce(r.mean_after, c.mean_after) as mean_after,
      coalesce(r.n_live, c.n_live) as n_live, coalesce(r.n_after, c.n_after) as n_after,
      case when r.metric_id is null then c.difference else r.difference end as difference,
      case when r.metric_id is null then c.ci_low else r.ci_low end as ci_low,
      case when r.metric_id is null then c.ci_high else r.ci_high end as ci_high
    from public.outcome_metrics m
    join private.before_after(scope, live, after) c on c.metric_id = m.id
    left join randomised r on r.metric_id = m.id
    where live is not null
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'metric', key, 'name', name, 'unit', unit, 'direction', direction,
    'grade', case when is_randomised then 'A' when reason_code is null then 'C' end,
    'method', case when is_randomised then 'welch_t' when reason_code is null then 'before_after_welch_t' end,
    'experiment_id', experiment_id, 'reason_code', reason_code, 'n_live', n_live, 'n_after', n_after,
    'mean_live', mean_live, 'mean_after', mean_after,
    'difference', case when reason_code is null then difference end,
    'ci_low', ci_low, 'ci_high', ci_high,
    'verdict', case when reason_code is not null or ci_low is null then null
      when ci_low <= 0 and ci_high >= 0 then 'undecided'
      when (difference > 0) = (direction = 'increase') then 'better' else 'worse' end) order by key), '[]')
  from chosen
$$;

comment on function private.preview_effects(private.scope, uuid, uuid) is
E'One entry a metric: after minus live, with its grade of evidence.\nA from an experiment between exactly these versions; else C, before and after; else null with a reason_code: no_subjects, windows_open, too_few_subjects, zero_variance, kind_not_supported.';

-- ==== sql/20_functions/experiment_power.sql

-- Will it ever decide? From who was seen in the scope lately, and from what the primary metric was for them.
create or replace function private.recent_units(experiment public.experiments, since timestamptz)
returns table (unit_id text, first_at timestamptz)
language plpgsql stable
set search_path = ''
as $$
declare
  steps uuid[] := array(select s.action_id from public.experiment_actions s where s.experiment_id = experiment.id);
  wants uuid[] := array(select s.intent_id from public.experiment_intents s where s.experiment_id = experiment.id);
begin
  return query
  select seen.unit, min(seen.at)
  from (
    select case experiment.unit when 'conversation' then i.conversation else i.subject end, i.started_at
    from public.inferences i
    where i.workspace_id = experiment.workspace_id and i.environment_id = experiment.environment_id
      and i.capability_id = experiment.capability_id
      -- The coarse index on received_at finds the recent blocks; what was reported late is in them too.
      and i.received_at >= since and i.started_at >= since
      and (steps = '{}' or i.action_id = any (steps)) and (wants = '{}' or i.intent_id = any (wants))
    union all
    select case experiment.unit when 'conversation' then a.conversation else a.subject end, a.assigned_at
    from public.experiments other
    join public.assignments a on a.experiment_id = other.id
    where other.workspace_id = experiment.workspace_id and other.environment_id = experiment.environment_id
      and other.capability_id = experiment.capability_id and a.assigned_at >= since
      and (wants = '{}' or a.intent_id = any (wants))
  ) as seen (unit, at)
  where seen.unit is not null
  group by seen.unit;
end
$$;

comment on function private.recent_units(public.experiments, timestamptz) is
'Who would have been asked: the units that were seen in the experiment''s scope since a moment, and when first.';

create or replace function private.audience_share(experiment public.experiments, since timestamptz) returns double precision
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select avg(private.audience_matches(experiment.audience, a.attributes)::integer)::double precision
    from (
      select a.attributes from public.experiments other
      join public.assignments a on a.experiment_id = other.id
      where other.workspace_id = experiment.workspace_id and other.environment_id = experiment.environment_id
        and other.capability_id = experiment.capability_id and a.assigned_at >= since
      limit 10000) as a);
end
$$;

comment on function private.audience_share(public.experiments, timestamptz) is
'The share of recent subjects, of those whose attributes are known, that the audience takes; null when none is known.';

create or replace function private.baseline(experiment public.experiments, metric public.outcome_metrics, since timestamptz)
returns table (n bigint, mean double precision, variance double precision)
language plpgsql stable
set search_path = ''
set enable_nestloop = off
as $$
declare
  how constant text := coalesce(metric.per_subject, case
    when metric.kind = 'proportion' then 'max'
    when metric.kind = 'count' or metric.when_absent = 'zero' then 'sum' else 'mean' end);
begin
  return query
  with valued as (
    select u.unit_id, coalesce(
      case how when 'max' then max(o.value) when 'sum' then sum(o.value) else avg(o.value) end,
      case metric.when_absent when 'zero' then 0 end) as value
    from private.recent_units(experiment, since) u
    left join private.unit_outcomes o
      on o.workspace_id = experiment.workspace_id and o.environment_id = experiment.environment_id
      and o.metric_id = metric.id and o.unit_id = u.unit_id and o.occurred_at >= since
      and o.unit_kind = case experiment.unit when 'conversation' then 'conversation' else 'subject' end
      and o.occurred_at >= u.first_at and o.occurred_at < u.first_at + metric.attribution_window
    group by u.unit_id
  )
  select count(v.value), avg(v.value), var_samp(v.value) from valued v;
end
$$;

comment on function private.baseline(public.experiments, public.outcome_metrics, timestamptz) is
'What a metric was for the recent units, one number a unit, as it will be in the experiment.';

create or replace function private.experiment_shares(experiment_id uuid)
returns table (control double precision, smallest double precision, rivals integer)
language sql stable
set search_path = ''
as $$
  select max(a.weight::double precision / nullif(w.whole, 0)) filter (where a.is_control),
    min(a.weight::double precision / nullif(w.whole, 0)) filter (where not a.is_control and a.weight > 0),
    greatest(count(*) filter (where not a.is_control and a.weight > 0), 1)::integer
  from public.variants a
  cross join (
    select sum(b.weight)::double precision as whole from public.variants b
    where b.experiment_id = experiment_shares.experiment_id and b.rolled_back_at is null) w
  where a.experiment_id = experiment_shares.experiment_id and a.rolled_back_at is null
$$;

comment on function private.experiment_shares(uuid) is
'The control''s share of new units, that of the smallest other arm, and how many other arms there are.';

create or replace function private.experiment_power(experiment public.experiments) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  since constant timestamptz := private.now() - interval '28 days';
  alpha double precision;
  metric public.outcome_metrics;
  seen record;
  base record;
  share record;
  a_day double precision;
  needed double precision;
begin
  select m.* into metric from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
  where em.experiment_id = experiment.id and em.role = 'primary';
  select s.* into share from private.experiment_shares(experiment.id) s;
  select count(*) as units, greatest(extract(epoch from private.now() - min(u.first_at)) / 86400, 1)::double precision as days
  into seen from private.recent_units(experiment, since) u;
  a_day := seen.units / seen.days * experiment.traffic / 10000
    * coalesce((experiment.layer_to - experiment.layer_from) / 10000.0, 1)
    * coalesce(case when experiment.audience is not null then private.audience_share(experiment, since) end, 1);
  select b.* into base from private.baseline(experiment, metric, since) b where metric.id is not null and seen.units > 0;
  alpha := 0.05 / share.rivals;
  needed := stats.subjects_needed(base.variance, experiment.minimum_effect, share.control, share.smallest, alpha, 0.8);
  return jsonb_build_object('metric', metric.key, 'minimum_effect', experiment.minimum_effect,
    'units_seen', seen.units, 'days_seen', seen.days, 'units_per_day', a_day,
    'baseline_units', coalesce(base.n, 0), 'baseline_mean', base.mean, 'baseline_variance', base.variance,
    'alpha', alpha, 'power', 0.8, 'units_needed', needed, 'days_needed', ceil(needed / nullif(a_day, 0)),
    'detectable_in_28_days', stats.detectable_effect(
      base.variance, 28 * a_day * share.control, 28 * a_day * share.smallest, alpha, 0.8),
    'reason_code', case when metric.id is null then 'no_primary_metric'
      when metric.kind in ('ratio', 'quantile') then 'kind_not_supported' when seen.units = 0 then 'no_recent_traffic'
      when a_day = 0 then 'nobody_takes_part' when coalesce(base.n, 0) < 2 then 'no_metric_history'
      when base.variance = 0 then 'zero_variance' when experiment.minimum_effect is null then 'no_minimum_effect' end);
end
$$;

comment on function private.experiment_power(public.experiments) is
'How long the experiment takes to see its minimum effect, from the last 28 days; a reason_code says what is not known.';

-- ==== sql/20_functions/experiment_checklist.sql

-- What to mend before an experiment starts. Blockers keep it from starting; warnings are for people.
create type private.checklist_item as (code text, severity text, message text, hint text, detail jsonb);

comment on type private.checklist_item is 'One thing that a checklist found.';

create or replace function private.arm_problems(experiment_id uuid) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  with arms as (
    select a.* from public.variants a
    where a.experiment_id = arm_problems.experiment_id and a.rolled_back_at is null
  ),
  places as (
    -- The actions in scope, or the capability as a whole and whatever action some arm names.
    select s.action_id from public.experiment_actions s where s.experiment_id = arm_problems.experiment_id
    union
    select r.action_id from arms join public.variant_versions r on r.variant_id = arms.id
    where not exists (select from public.experiment_actions s where s.experiment_id = arm_problems.experiment_id)
    union
    select null where not exists (select from public.experiment_actions s where s.experiment_id = arm_problems.experiment_id)
  ),
  gaps as (
    select arms.key as arm, x.key as action,
      exists (select from arms other where private.version_of(other.id, p.action_id) is not null) as is_uneven
    from arms cross join places p left join public.actions x on x.id = p.action_id
    where private.version_of(arms.id, p.action_id) is null
  )
  select 'too_few_arms', 'blocker', 'it needs at least two arms with a weight', 'Add an arm, or give one a weight.',
    jsonb_build_object('arms', (select count(*) from arms where weight > 0))
  where (select count(*) from arms where weight > 0) < 2
  union all
  select 'no_control', 'blocker', 'it has no control with a weight', 'Make one arm the control and give it a weight.', '{}'
  where not exists (select from arms where is_control and weight > 0)
  union all
  select case when g.is_uneven then 'unequal_scopes' else 'arm_without_version' end, 'blocker',
    format('the arm %s has no version%s', g.arm, coalesce(' for the action ' || g.action, '')),
    'Give every arm a version for every action in scope; * stands for all that are not named.',
    jsonb_build_object('variant', g.arm, 'action', g.action)
  from gaps g
  union all
  select distinct 'wrong_capability', 'blocker',
    format('the arm %s runs a version of another capability or action', arms.key),
    'Choose a version of a prompt that this capability and action run.',
    jsonb_build_object('variant', arms.key, 'prompt', p.key, 'version_id', v.id)
  from arms
  join public.experiments e on e.id = arms.experiment_id
  join public.variant_versions r on r.variant_id = arms.id
  join public.prompt_versions v on v.id = r.prompt_version_id
  join public.prompts p on p.id = v.prompt_id
  where p.capability_id <> e.capability_id or p.action_id <> r.action_id
$$;

comment on function private.arm_problems(uuid) is 'What is wrong with the arms: too few, no control, no version, unequal scopes, another capability.';

create or replace function private.design_problems(experiment_id uuid) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'no_primary_metric', 'blocker', 'it has no primary metric',
    'Choose the one outcome that decides: once it runs, it can no longer be chosen.', '{}'::jsonb
  where not exists (select from public.experiment_metrics em
    where em.experiment_id = design_problems.experiment_id and em.role = 'primary')
  union all
  select 'guardrail_without_margin', 'blocker', format('the guardrail %s has no margin', m.key),
    'Say how much worse is still acceptable: without it, too few subjects would pass for no harm.',
    jsonb_build_object('metric', m.key)
  from public.experiment_metrics em join public.outcome_metrics m on m.id = em.metric_id
  where em.experiment_id = design_problems.experiment_id and em.role = 'guardrail' and em.margin is null
  union all
  select 'arm_without_level', 'blocker', format('the arm %s has no level of the factor %s', a.key, f.key),
    'Give every arm a level of every factor, or make the arms with base.', jsonb_build_object('variant', a.key, 'factor', f.key)
  from public.variants a join public.factors f on f.experiment_id = a.experiment_id
  where a.experiment_id = design_problems.experiment_id
    and not exists (select from public.variant_levels c where c.variant_id = a.id and c.factor_id = f.id)
  union all
  select 'layer_slot_taken', 'blocker', format('%s holds some of its slots of the layer', private.slot_holder(e)),
    'Take other slots, or wait until that experiment is archived.', jsonb_build_object('experiment', private.slot_holder(e))
  from public.experiments e
  where e.id = design_problems.experiment_id and e.layer_id is not null and private.slot_holder(e) is not null
$$;

comment on function private.design_problems(uuid) is 'What is wrong with metrics, margins, factors and slots.';

create or replace function private.overlap_warnings(experiment public.experiments) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'overlapping_experiment', 'warning', format('%s runs in the same scope, and no layer keeps them apart', other.key),
    'Put both into one layer, narrow the scope, or wait: a call that both cover is answered by the narrower one, or the older.',
    jsonb_build_object('experiment_id', other.id, 'experiment', other.key)
  from public.experiments other
  where other.workspace_id = (experiment).workspace_id and other.id <> (experiment).id and other.state = 'active'
    and other.environment_id = (experiment).environment_id and other.capability_id = (experiment).capability_id
    and (other.layer_id is null or other.layer_id is distinct from (experiment).layer_id)
    and (
      not exists (select from public.experiment_actions s where s.experiment_id = other.id)
      or not exists (select from public.experiment_actions s where s.experiment_id = (experiment).id)
      or exists (select from public.experiment_actions s join public.experiment_actions mine using (action_id)
        where s.experiment_id = other.id and mine.experiment_id = (experiment).id))
    and (
      not exists (select from public.experiment_intents s where s.experiment_id = other.id)
      or not exists (select from public.experiment_intents s where s.experiment_id = (experiment).id)
      or exists (select from public.experiment_intents s join public.experiment_intents mine using (intent_id)
        where s.experiment_id = other.id and mine.experiment_id = (experiment).id))
$$;

comment on function private.overlap_warnings(public.experiments) is 'The live experiments that want the same calls and share no layer with it.';

create or replace function private.arm_warnings(experiment public.experiments) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'version_out_of_scope', 'warning',
    format('the arm %s has a version for the action %s, which is not in scope', a.key, x.key),
    'Add the action to the scope, or take the version away.', jsonb_build_object('variant', a.key, 'action', x.key)
  from public.variants a
  join public.variant_versions r on r.variant_id = a.id
  join public.actions x on x.id = r.action_id
  where a.experiment_id = (experiment).id
    and exists (select from public.experiment_actions s where s.experiment_id = a.experiment_id)
    and not exists (select from public.experiment_actions s where s.experiment_id = a.experiment_id and s.action_id = x.id)
  union all
  select 'same_versions', 'warning', format('the arms %s run the same versions', string_agg(arm.key, ', ' order by arm.key)),
    'Change one of them, unless you mean to test the split itself.', jsonb_build_object('variants', jsonb_agg(arm.key order by arm.key))
  from (
    select a.key, (select jsonb_object_agg(coalesce(r.action_id::text, '*'), r.prompt_version_id)
      from public.variant_versions r where r.variant_id = a.id) as runs
    from public.variants a where a.experiment_id = (experiment).id and a.rolled_back_at is null) as arm
  where arm.runs is not null
  group by arm.runs having count(*) > 1
  union all
  select 'nothing_deployed', 'warning', 'nothing is live for its capability: who is not in the experiment gets an error',
    'Publish a version for everybody else.', '{}'
  where not exists (
    select from public.live_deployments d
    where d.workspace_id = (experiment).workspace_id and d.environment_id = (experiment).environment_id
      and d.capability_id = (experiment).capability_id)
$$;

comment on function private.arm_warnings(public.experiments) is 'What is odd about what the arms run, and about what everybody else gets.';

create or replace function private.power_warnings(experiment public.experiments, power jsonb) returns setof private.checklist_item
language sql stable
set search_path = ''
as $$
  select 'audience_matches_nobody', 'warning', 'nobody of the last 28 days is in its audience',
    'Look at the attributes that decide gets, and at the rule.', '{}'::jsonb
  where (experiment).audience is not null and private.audience_share(experiment, private.now() - interval '28 days') = 0
  union all
  select r.code, 'warning', r.message, r.hint, power
  from (values
    ('no_recent_traffic', 'nobody was seen in its scope in the last 28 days: how long it takes cannot be said',
      'Send record_inferences, or start it and look again after a week.'),
    ('nobody_takes_part', 'nobody would take part: its traffic, its slots or its audience leave no one',
      'Raise the traffic, or widen the audience.'),
    ('no_metric_history', 'the primary metric has no outcomes in its scope yet: how long it takes cannot be said',
      'Send record_outcomes before it starts, and look again.'),
    ('zero_variance', 'the primary metric was the same for everybody: how long it takes cannot be said', 'Check what is reported.'),
    ('kind_not_supported', 'how long it takes cannot be said for this kind of metric', 'Choose a mean, count, proportion or duration.'),
    ('no_minimum_effect', format('it does not say which effect would matter; in 28 days it can see a difference of %s',
      round((power ->> 'detectable_in_28_days')::numeric, 6)), 'Set minimum_effect, in the metric''s unit.')
  ) as r (code, message, hint)
  where r.code = power ->> 'reason_code'
  union all
  select 'too_few_subjects', 'warning',
    format('it needs %s units to see its minimum effect: at %s a day that takes %s days', power ->> 'units_needed',
      round((power ->> 'units_per_day')::numeric, 1), power ->> 'days_needed'),
    'Look for a larger effect, raise the traffic, drop an arm, or choose a metric that moves sooner.', power
  where (power ->> 'days_needed')::double precision > 90
$$;

comment on function private.power_warnings(public.experiments, jsonb) is 'Whether it will ever decide, and what is not known about that.';

create or replace function private.experiment_blockers(experiment public.experiments) returns jsonb
language plpgsql stable
set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'problems', string_agg(i.message, '; ' order by i.message), 'items', jsonb_agg(to_jsonb(i) order by i.code, i.message))
    from (
      select * from private.arm_problems(experiment.id)
      union all
      -- What can no longer be mended must not keep a paused experiment from going on.
      select p.* from private.design_problems(experiment.id) p where experiment.started_at is null) i
    having count(*) > 0);
end
$$;

comment on function private.experiment_blockers(public.experiments) is
'Why the experiment cannot start: {problems, items}; null when it can.';

create or replace function private.experiment_checklist(experiment_id uuid, workspace_id uuid) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  experiment public.experiments;
  power jsonb;
  items jsonb;
begin
  select e.* into experiment from public.experiments e where e.id = experiment_checklist.experiment_id;
  perform private.authorise_row(experiment.workspace_id, workspace_id, 'workspace.read', 'unknown_experiment',
    jsonb_build_object('experiment_id', experiment_checklist.experiment_id));
  perform private.require_environment(experiment.environment_id);
  power := private.experiment_power(experiment);
  select coalesce(jsonb_agg(to_jsonb(i) order by i.severity, i.code, i.message), '[]') into items
  from (
    select * from private.arm_problems(experiment.id) union all select * from private.design_problems(experiment.id)
    union all select * from private.overlap_warnings(experiment) union all select * from private.arm_warnings(experiment)
    union all select * from private.power_warnings(experiment, power)) i;
  return jsonb_build_object('experiment_id', experiment.id, 'revision', experiment.revision, 'state', experiment.state,
    'ready', not jsonb_path_exists(items, '$[*] ? (@.severity == "blocker")'), 'items', items, 'power', power);
end
$$;

comment on function private.experiment_checklist(uuid, uuid) is
E'What to mend before an experiment starts.\nDefiner: reads subjects and outcomes for a caller whom it has asked for workspace.read once.';

-- ==== sql/50_rpc/api_keys.sql

create or replace function public.create_api_key(
  name text, permissions text[], environments text[] default null, expires_at timestamptz default null,
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.create_api_key(name, permissions, environments, expires_at, workspace_id);

comment on function public.create_api_key(text, text[], text[], timestamptz, uuid) is E'Makes an API key for a server of yours: the row of api_keys, and with it `secret`, which is never shown again.\nThe key is sent in the header x-upshot-key, with the publishable key in apikey and no user''s token. It holds the named permissions, of those that you hold yourself and that are not for persons only, in the named environments (by key; all when left out), until expires_at. Needs api_keys.write and a signed-in user.\nRefuses: a name that a live key has (api_key_name_taken), a permission for persons only (not_for_keys) or above your own (above_your_own).';

create or replace function public.rotate_api_key(
  api_key_id uuid, expected_prefix text, grace_seconds integer default 3600, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.rotate_api_key(api_key_id, expected_prefix, grace_seconds, workspace_id);

comment on function public.rotate_api_key(uuid, text, integer, uuid) is E'Gives an API key a new `secret`, shown once; the old one works for grace_seconds more (0 to thirty days, an hour when left out), so that servers can change over.\nName the prefix that you see: of two who rotate at once, the second is refused (stale_api_key). Needs api_keys.write, every permission that the key holds, and a signed-in user. Refuses revoked keys (api_key_revoked).';

create or replace function public.revoke_api_key(api_key_id uuid, workspace_id uuid default null)
returns public.api_keys
language sql volatile
set search_path = ''
return private.revoke_api_key(api_key_id, workspace_id);

comment on function public.revoke_api_key(uuid, uuid) is E'Closes an API key for good, with every secret that it has: the next request with it is refused.\nRevoking twice changes nothing. Needs api_keys.write and a signed-in user.';

-- ==== sql/50_rpc/approvals.sql

create or replace function public.submit_for_approval(
  experiment_id uuid, expected_revision integer, message text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.submit_for_approval(experiment_id, expected_revision, message, workspace_id);

comment on function public.submit_for_approval(uuid, integer, text, uuid) is E'Asks for a review of an experiment as it is at this revision; a draft becomes in_review.\nReturns the request with content_hash, approvals_given, approvals_needed, permission and experiment {experiment_id, state, revision}. Submitting the same content again returns the same request. Any edit voids it and makes the experiment a draft. A paused experiment can be submitted for its resumption. Refused with 409 stale_revision, and with 422 experiment_incomplete.';

create or replace function public.request_publication(
  environment text, capability text, version_id uuid, action text default null, intent text default null,
  message text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.request_publication(environment, capability, version_id, action, intent, message, workspace_id);

comment on function public.request_publication(text, text, uuid, text, text, text, uuid) is E'Asks for a review of a publication: this version at this scope. Whoever holds prompts.write may ask.\nReturns the request with content_hash, approvals_given, approvals_needed and permission. Once approved, publish uses it up. Asking again for the same returns the same request.';

create or replace function public.approve(request_id uuid, expected_hash text, comment text default '') returns jsonb
language sql volatile
set search_path = ''
return private.review(request_id, 'approve', expected_hash, comment);

comment on function public.approve(uuid, text, text) is E'Approves a request, if expected_hash is its content_hash and its content is still the same. An act of a person.\nReturns the request with approvals_given and approvals_needed. Refused for the requester and the author (403 own_work), without the rule''s permission, and when it was edited since (409 stale_approval).';

create or replace function public.reject(request_id uuid, expected_hash text, comment text default '') returns jsonb
language sql volatile
set search_path = ''
return private.review(request_id, 'reject', expected_hash, comment);

comment on function public.reject(uuid, text, text) is E'Rejects a request; its experiment goes back to draft. An act of a person who holds the rule''s permission.\nAlso possible after the approval, as long as the act has not happened. Returns the request.';

create or replace function public.withdraw_request(request_id uuid) returns jsonb
language sql volatile
set search_path = ''
return private.withdraw_request(request_id);

comment on function public.withdraw_request(uuid) is E'Takes a request back: its requester, or who holds approvals.write. An experiment in review is a draft again.\nReturns the request.';

-- ==== sql/50_rpc/archive.sql

create or replace function public.archive_object(object_kind text, object_id uuid) returns jsonb
language sql volatile
set search_path = ''
return private.set_archived(object_kind, object_id, true);

comment on function public.archive_object(text, uuid) is E'Takes a thing out of use: nothing new can refer to it, its history stays. {object_kind, object_id, archived_at}.\nobject_kind is capability, action, intent, environment, outcome_metric, prompt or test_case; lists for people to choose from ask for archived_at=is.null. What is live stays live. Refused with 409 still_used while an experiment in review, active or paused uses it. Twice is once.';

create or replace function public.restore_object(object_kind text, object_id uuid) returns jsonb
language sql volatile
set search_path = ''
return private.set_archived(object_kind, object_id, false);

comment on function public.restore_object(text, uuid) is E'Brings an archived thing back into use. {object_kind, object_id, archived_at: null}.\nAsks for the permission that archiving it asked for. Twice is once.';

-- ==== sql/50_rpc/branches.sql

create or replace function public.create_branch(
  prompt_id uuid, name text, from_version uuid default null, from_branch text default null,
  workspace_id uuid default null
) returns public.branches
language sql volatile
set search_path = ''
return private.create_branch(prompt_id, name, from_version, from_branch, workspace_id);

comment on function public.create_branch(uuid, text, uuid, text, uuid) is
E'Adds a branch to a prompt and returns it: at from_version, any version of the prompt, or at the head of from_branch, or else at the head of main.\nThe same call again returns the same branch. A name that another branch bears is refused (branch_exists).';

create or replace function public.rename_branch(
  prompt_id uuid, branch text, new_name text, workspace_id uuid default null
) returns public.branches
language sql volatile
set search_path = ''
return private.rename_branch(prompt_id, branch, new_name, workspace_id);

comment on function public.rename_branch(uuid, text, text, uuid) is
E'Gives a branch another name and returns it.\nmain keeps its name (main_stays). A name that another branch bears is refused (branch_exists).';

create or replace function public.delete_branch(
  prompt_id uuid, branch text, expected_head uuid, even_unmerged boolean default false, workspace_id uuid default null
) returns public.branches
language sql volatile
set search_path = ''
return private.delete_branch(prompt_id, branch, expected_head, even_unmerged, workspace_id);

comment on function public.delete_branch(uuid, text, uuid, boolean, uuid) is
E'Deletes a branch whose head is expected_head (null for a branch without versions), and returns it. Its versions stay, and its name is free again; create_branch at the head brings it back.\nRefused: for main (main_stays), when it has moved on (stale_head), and, unless even_unmerged is true, when no other branch or tag leads to its versions (branch_unmerged).';

create or replace function public.version_log(
  prompt_id uuid, branch text default 'main', page_size integer default 50, before_number integer default null,
  workspace_id uuid default null
) returns table (
  version_id uuid, number integer, branch_name text, parent_version_id uuid, merged_version_id uuid,
  forked_from_version_id uuid, template_version_id uuid, message text, author uuid, committed_at timestamptz,
  content_hash text, tags text[], changed text[]
)
language sql stable
set search_path = ''
begin atomic
  select l.version_id, l.number, l.branch, l.parent_version_id, l.merged_version_id, l.forked_from_version_id,
    l.template_version_id, l.message, l.author, l.committed_at, l.content_hash, l.tags, l.changed
  from private.version_log(prompt_id, branch, page_size, before_number, workspace_id) l;
end;

comment on function public.version_log(uuid, text, integer, integer, uuid) is
E'The history of a branch: its head and everything that came before, over both parents of merges, newest first.\nchanged names the paths that differ from the first parent (or, in a fork''s first version, from its source); null for a first version. For the next page, pass the last number as before_number. page_size is 1 to 200, 50 when left out; branch is main when left out.';

create or replace function public.diff_versions(from_version uuid, to_version uuid, workspace_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
return private.diff_versions(from_version, to_version, workspace_id);

comment on function public.diff_versions(uuid, uuid, uuid) is
E'What differs between two versions of one workspace, of the same prompt or of two.\nfields: [{path, op: added | removed | changed | reordered, from?, to?}] for provider, model, response_format, every parameter, variable, and tool by name. messages: [{op: equal | changed | removed | added, from?, to?, message?, fields?, lines?, content?}], counted from 0. lines: [{op: equal | changed | removed | added, from?, to?, count?, lines?}], counted from 1; a changed line is {from, to, words?: [{op: equal | removed | added, text}]}. Line breaks are line feeds: a carriage return belongs to its line. A content of more than 5,000 lines or 500,000 characters is compared as a whole, and says so: content = {from, to, reason: too_large}; words are given for the first 200 changed lines of a message, up to 2,000 characters each.\nA version that the caller cannot see, or of another workspace, is refused (unknown_version).';

create or replace function public.merge_branch(
  prompt_id uuid, source text, target text default 'main', expected_head uuid default null,
  expected_source_head uuid default null, resolutions jsonb default '{}', message text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.merge_branch(
  prompt_id, source, target, expected_head, expected_source_head, resolutions, message, workspace_id);

comment on function public.merge_branch(uuid, text, text, uuid, uuid, jsonb, text, uuid) is
E'Merges the branch source into the branch target: three ways, by field and, in messages, by line.\nReturns {status, source, target, base, ours, theirs, version, conflicts}. status is merged (a version with two parents was made), fast_forward (target had nothing of its own and now stands where source stands) or conflicts: nothing was written, and conflicts lists {path, base?, ours?, theirs?}, a side without the field lacking its key. Lines are arrays of lines.\nTo settle conflicts, call again with expected_head and expected_source_head, the ids of ours and theirs, and resolutions: path to {"take": "ours" | "theirs" | "base"}, {"value": …} or {"remove": true}. Conflicts without a resolution come back.\nRefused: a head that has moved (stale_head), a source that target holds already (already_merged) or that has no version (branch_empty), a resolution of no conflict (bad_resolution), a merged bundle whose placeholders are not declared (invalid_template).';

-- ==== sql/50_rpc/comments.sql

create or replace function public.add_comment(
  object_kind text, object_id uuid, body text, mentions uuid[] default '{}', thread_id uuid default null,
  workspace_id uuid default null
) returns public.comments
language sql volatile
set search_path = ''
return private.add_comment(object_kind, object_id, body, coalesce(mentions, '{}'), thread_id, workspace_id);

comment on function public.add_comment(text, uuid, text, uuid[], uuid, uuid) is E'Comments on a thing of the workspace; with thread_id, replies to the comment that began a thread there.\nobject_kind is the name of the thing in the singular (experiment, prompt_version, deployment, change, approval_request, run, …) and object_id its id. mentions are user ids of members, who are told. Returns the comment.';

create or replace function public.edit_comment(comment_id uuid, body text, mentions uuid[] default null)
returns public.comments
language sql volatile
set search_path = ''
return private.edit_comment(comment_id, body, mentions);

comment on function public.edit_comment(uuid, text, uuid[]) is E'Changes a comment of your own; mentions stay as they are when left out.\nReturns the comment. What it said before stays in the audit log.';

create or replace function public.delete_comment(comment_id uuid) returns public.comments
language sql volatile
set search_path = ''
return private.delete_comment(comment_id);

comment on function public.delete_comment(uuid) is E'Takes back a comment of your own: its words go, its place in the thread stays.\nReturns the comment.';

create or replace function public.resolve_thread(comment_id uuid, resolved boolean default true) returns public.comments
language sql volatile
set search_path = ''
return private.resolve_thread(comment_id, resolved);

comment on function public.resolve_thread(uuid, boolean) is E'Settles the thread that a comment belongs to, or opens it again (resolved false).\nReturns the comment that began it.';

-- ==== sql/50_rpc/compact.sql

create or replace function public.compact() returns jsonb
language sql volatile
set search_path = ''
return private.compact();

comment on function public.compact() is E'Worker only: one tick of the compactor, which counts into results what was committed since the last one.\nSafe to call from several workers at once: state says moved, idle, or busy when another one is at it.';

-- ==== sql/50_rpc/decisions.sql

create or replace function public.explain_decision(
  environment text, capability text, subject text, action text default null, conversation text default null,
  intent text default null, attributes jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.explain_decision(environment, capability, subject, action, conversation, intent, attributes, workspace_id);

comment on function public.explain_decision(text, text, text, text, text, text, jsonb, uuid) is E'Why decide answers as it does, for the same arguments; writes nothing: {decision, experiments, deployments}.\nexperiments lists those of the capability in the order in which they are asked: {experiment, state, applies, because, steps}. because names the first check that failed: state, action, intent, version, unit, audience (with the node), holdout, layer or traffic (with the bucket); the first that applies answers. deployments lists what is live at the scopes that cover the call, and which wins. decision has no bundle, and no assignment_id while the subject has no arm yet. Needs decisions.make and workspace.read.';

create or replace function public.ruleset(environment text, if_none_match text default null, workspace_id uuid default null)
returns jsonb
language sql stable
set search_path = ''
return private.ruleset(environment, if_none_match, workspace_id);

comment on function public.ruleset(text, text, uuid) is E'Everything that decide needs for an environment, for code that decides by itself with the same hash.\n{etag, not_modified, environment, holdout, layers, capabilities, intents, experiments, deployments, versions}. Pass the etag that you have in if_none_match: while nothing has changed the answer is {etag, not_modified: true}. Report what was decided locally with record_exposures. Needs decisions.make.';

create or replace function public.record_exposures(exposures jsonb, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
-- A full batch may outlast the API's few seconds; PostgREST applies this to the whole call.
set statement_timeout = '60s'
return private.record_exposures(exposures, workspace_id);

comment on function public.record_exposures(jsonb, uuid) is E'Records up to 10,000 exposures that were decided locally from a ruleset: {accepted, duplicates, errors: [{index, code, message, hint}]}.\nA row: experiment_id, phase_id, variant_id, subject; and, if known, conversation, intent, attributes, exposed_at. Only an arm that the hash gives the unit in that phase lands (else wrong_arm); a unit that has another arm keeps it (other_arm); one that has this arm counts as a duplicate. Needs decisions.make.';

-- ==== sql/50_rpc/deployments.sql

create or replace function public.decide(
  environment text, capability text, subject text, action text default null, conversation text default null,
  intent text default null, attributes jsonb default '{}', workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.decide(environment, capability, subject, action, conversation, intent, attributes, workspace_id);
end
$$;

comment on function public.decide(text, text, text, text, text, text, jsonb, uuid) is E'What to run for a subject, now: {assignment_id, experiment, variant, version, bundle, deployment_id, reason}.\nAn active experiment that covers the call answers first (reason assigned, or variant_rolled_back); else what is live at the most specific scope (live_deployment, or holdout for a subject that is kept out of experiments). A subject keeps its arm. attributes is what is known of the subject: audiences are asked about it. The exposure is logged in the same transaction.';

create or replace function public.publish(
  environment text, capability text, version_id uuid, expected_version uuid default null,
  action text default null, intent text default null, reason text default '', workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.publish(environment, capability, version_id, expected_version, action, intent, reason, workspace_id);
end
$$;

comment on function public.publish(text, text, uuid, uuid, text, text, text, uuid) is E'Makes a version live at a scope, if expected_version is what is live there now (null or left out: nothing is).\nReturns the deployment with its version and a summary. Refused: 409 stale_version when another version is live here, 409 already_live, 422 wrong_prompt for a version of another capability''s or action''s prompt, 404 unknown_version. A ramp that runs at an overlapping scope stops when this changes what it stands on.';

create or replace function public.rollback(
  environment text, capability text, expected_version uuid,
  action text default null, intent text default null, to_version uuid default null, reason text default '',
  to_time timestamptz default null, workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.rollback(environment, capability, expected_version, action, intent, to_version, reason, to_time, workspace_id);
end
$$;

comment on function public.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid) is E'Returns a scope to what the live version replaced, to a version that was live here (to_version), or to what was live here at a moment (to_time).\nOne transaction: the next decide anywhere returns it. Several go further back, never to and fro. Where the first publish of an action or intent is rolled back, version is null and the wider scope applies again (applies names its version). Returns the deployment with version, applies and a summary. Refused: 409 stale_version when expected_version is not live here (null: nothing is), 409 already_live, 409 nothing_to_roll_back, 409 nothing_wider, 422 never_live_here, 422 nothing_live_then. Ask preview_rollback first what it would touch.';

create or replace function public.withdraw(
  environment text, capability text, expected_version uuid,
  action text default null, intent text default null, reason text default '', workspace_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  return private.withdraw(environment, capability, expected_version, action, intent, reason, workspace_id);
end
$$;

comment on function public.withdraw(text, text, uuid, text, text, text, uuid) is E'Ends the override of an action or intent: the wider scope applies from the next decide on. The history stays, and rollback brings the version back.\nReturns the deployment (version null), applies with the version that answers now, and a summary. Refused: 409 stale_version, 409 nothing_here when nothing is live at exactly this scope, 409 nothing_wider when no wider scope is live.';

-- ==== sql/50_rpc/events.sql

create or replace function public.record_inferences(inferences jsonb, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
-- A full batch may outlast the API's few seconds; PostgREST applies this to the whole call.
set statement_timeout = '60s'
return private.record_inferences(inferences, workspace_id);

comment on function public.record_inferences(jsonb, uuid) is E'Records up to 10,000 model calls: {accepted, duplicates, errors: [{index, code, message, hint}]}.\nA row: id (your uuid), environment, subject, capability, version_id, provider, requested_model, started_at, latency_ms, status; and, if known, conversation, action, intent, experiment_id, variant_id, resolved_model, input_tokens, output_tokens, cost_usd, error_code, finish_reason, output, keys [{type, value}]. Good rows land; a row whose id is known already counts as a duplicate.';

create or replace function public.record_outcomes(outcomes jsonb, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
-- A full batch may outlast the API's few seconds; PostgREST applies this to the whole call.
set statement_timeout = '60s'
return private.record_outcomes(outcomes, workspace_id);

comment on function public.record_outcomes(jsonb, uuid) is E'Records up to 10,000 outcomes: {accepted, duplicates, errors: [{index, code, message, hint}]}.\nA row: metric (key), value (number or boolean), environment, occurred_at, source, source_event_id, and at least one of subject, conversation, inference_id, key {type, value}. Good rows land; the first received of a (source, source_event_id) wins.';

-- ==== sql/50_rpc/experiment_documents.sql

create or replace function public.create_experiment(document jsonb, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
return private.create_experiment(document, workspace_id);

comment on function public.create_experiment(jsonb, uuid) is E'Drafts a whole experiment from one document: {key, name, hypothesis, environment, capability, actions, intents, unit, traffic, audience, layer, minimum_effect, metrics, variants, factors, base}; key, environment and capability are required.\nmetrics: [{"metric": "booked", "role": "primary"}, {"metric": "complaints", "role": "guardrail", "margin": 0.01}]. variants: [{"key": "control", "is_control": true, "weight": 1, "versions": {"*": "booking@main", "Book": "<version id>"}}]; a version is an id, prompt@tag, prompt@branch or prompt@number, and * stands for every action that is not named. unit is user (when left out), account or conversation; traffic is in basis points, 10000 when left out: everybody; minimum_effect is in the primary metric''s unit; actions and intents are lists of keys, empty for all; audience is a rule as the column audience of /experiments explains it; layer is {"key": "checkout", "from": 0, "to": 5000}, its slots of 10000. factors: [{"key": "model", "kind": "model", "levels": ["small", {"key": "large", "value": {"provider": "openai", "model": "large"}}]}, {"key": "temperature", "kind": "param", "levels": [0, 0.7]}], of kind prompt, model, param, tools or version; base is what the cells are made from, as versions of an arm are said. With factors and base, and without variants, the full factorial design is made: a cell that no version of the prompt runs yet is committed to a branch that is named after the experiment.\nReturns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}. The same call again returns the same experiment; another one with its key is refused with 409 experiment_key_taken, and a document that is not valid with 422 bad_document, naming the field.';

create or replace function public.edit_experiment(
  experiment_id uuid, expected_revision integer, changes jsonb, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.edit_experiment(experiment_id, expected_revision, changes, workspace_id);

comment on function public.edit_experiment(uuid, integer, jsonb, uuid) is E'Changes parts of an experiment in one transaction: changes is a part of the document that create_experiment takes, and what it does not name stays.\nA list replaces the list that was there; of an arm that stays, only what is said changes. {"weights": {"b": 3}} changes weights alone. Returns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}.\nRefused with 409 stale_revision when the experiment has changed since the revision that you name: its details say what is another now. A started experiment keeps its scope, unit, audience, control and primary metric (409 experiment_started); arms and weights change in a pause (409 pause_first), and subjects who have an arm keep it. An experiment in review goes back to draft. Nothing that is as it was counts as a change.';

create or replace function public.fork_experiment(
  experiment_id uuid, key text, name text default null, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.fork_experiment(experiment_id, key, name, workspace_id);

comment on function public.fork_experiment(uuid, text, text, uuid) is E'Drafts a copy of an experiment, of any state: scope, audience, metrics, arms and versions, under another key and with a new salt, so that subjects are drawn anew.\nIt remembers its parent; experiment_ancestry tells. Returns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}; the same call again returns the same copy, 409 experiment_key_taken refuses a key that another bears.';

create or replace function public.experiment_document(experiment_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.read_experiment(experiment_id, workspace_id);

comment on function public.experiment_document(uuid, uuid) is E'An experiment as the document that create_experiment and edit_experiment take.\nReturns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}: name the revision in edit_experiment; an approval is bound to the content hash. Refuses with 404 unknown_experiment.';

create or replace function public.experiment_ancestry(experiment_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.experiment_ancestry(experiment_id, workspace_id);

comment on function public.experiment_ancestry(uuid, uuid) is E'Where an experiment comes from and what was forked from it: its card with parents, the nearest first, and children, to any depth.\nA card is {experiment_id, key, name, state, parent_experiment_id, started_at, ended_at, distance}. Refuses with 404 unknown_experiment.';

create or replace function public.experiment_checklist(experiment_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.experiment_checklist(experiment_id, workspace_id);

comment on function public.experiment_checklist(uuid, uuid) is E'What to mend before an experiment starts: {experiment_id, revision, state, ready, items, power}.\nAn item is {code, severity, message, hint, detail}. Blockers keep activate and resume from starting it (422 experiment_incomplete): too_few_arms, no_control, arm_without_version, unequal_scopes, wrong_capability, no_primary_metric, guardrail_without_margin, arm_without_level, layer_slot_taken. Warnings do not: overlapping_experiment, version_out_of_scope, same_versions, nothing_deployed, audience_matches_nobody, too_few_subjects, and what is not known about the time it takes.\npower says from the last 28 days how many units come a day, how many are needed to see the minimum effect (80 % power at 5 %, shared out over the arms), how many days that takes, and what can be seen in 28 days; its reason_code says what is missing for that. Refuses with 404 unknown_experiment.';

-- ==== sql/50_rpc/experiment_templates.sql

create or replace function public.create_experiment_from_template(
  template text, given jsonb, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.create_experiment_from_template(template, given, workspace_id);

comment on function public.create_experiment_from_template(text, jsonb, uuid) is E'Drafts an experiment from a template: given is an object of slot to value, and /experiment_templates says which slots there are, of which type and with what default.\nReturns {experiment_id, key, state, revision, parent_experiment_id, content_hash, document}; the same call again returns the same experiment. Refuses with 404 unknown_experiment_template, 422 bad_document for a slot that is missing, unknown or of another type, and as create_experiment does.';

create or replace function public.save_as_template(
  experiment_id uuid, key text, name text, description text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.save_as_template(experiment_id, key, name, description, workspace_id);

comment on function public.save_as_template(uuid, text, text, text, uuid) is E'Makes a template of an experiment: its key, name and environment and what each arm runs become slots, everything else stays as it is.\nReturns the row of /experiment_templates. For those who hold templates.write; refuses with 404 unknown_experiment, 409 experiment_template_taken.';

-- ==== sql/50_rpc/experiments.sql

create or replace function public.activate(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'activate', expected_revision, workspace_id);

comment on function public.activate(uuid, integer, uuid) is E'Starts an experiment: {experiment_id, state, revision}.\nRefused with 409 stale_revision when the experiment has changed since the revision that you name, and with 422 experiment_incomplete, saying what is missing.';

create or replace function public.pause(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'pause', expected_revision, workspace_id);

comment on function public.pause(uuid, integer, uuid) is E'Pauses an active experiment: every subject gets the live deployment until it resumes.\nReturns {experiment_id, state, revision}.';

create or replace function public.resume(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'resume', expected_revision, workspace_id);

comment on function public.resume(uuid, integer, uuid) is E'Resumes a paused experiment; if its arms or weights were changed, a new phase begins.\nReturns {experiment_id, state, revision}.';

create or replace function public.archive(experiment_id uuid, expected_revision integer, workspace_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.move_experiment(experiment_id, 'archive', expected_revision, workspace_id);

comment on function public.archive(uuid, integer, uuid) is E'Ends an experiment for good; its results stay.\nReturns {experiment_id, state, revision}.';

create or replace function public.restore_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.restore_variant(experiment_id, variant, expected_revision, reason, workspace_id);

comment on function public.restore_variant(uuid, text, integer, text, uuid) is E'Takes the rollback of an arm back, in a new phase: the subjects that have the arm get its version again from the next decide on, and new ones are drawn into it.\nSubjects that came before the rollback count until the rollback, in both arms, because they got the control in between; those that come now count in the new phase. Returns {experiment_id, variant_id, variant, state, revision, rolled_back_at}. Refused: 409 stale_revision, 409 not_rolled_back, 409 move_not_allowed for an archived experiment, 404 unknown_variant.';

create or replace function public.rollback_variant(
  experiment_id uuid, variant text, expected_revision integer, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.rollback_variant(experiment_id, variant, expected_revision, reason, workspace_id);

comment on function public.rollback_variant(uuid, text, integer, text, uuid) is E'Stops an arm at once: its subjects get the control from the next decide on, and no new one is drawn into it.\nReturns {experiment_id, variant_id, variant, state, revision, rolled_back_at}. What was measured until now stays comparable.';

-- ==== sql/50_rpc/jobs.sql

create or replace function public.claim_jobs_v1(worker text, quantity integer, lease_seconds integer)
returns table (job_id bigint, kind text, payload jsonb, attempt integer, enqueued_at timestamptz)
language plpgsql volatile
set search_path = ''
as $$
begin
  perform private.require_text('worker', worker, 200);
  return query select * from private.claim_jobs(quantity, lease_seconds);
end
$$;

comment on function public.claim_jobs_v1(text, integer, integer) is E'Worker only: leases up to so many jobs.\nA job that is neither completed nor extended comes back when its lease ends.';

create or replace function public.extend_job_v1(job_id bigint, lease_seconds integer) returns boolean
language sql volatile
set search_path = ''
return private.extend_job(job_id, lease_seconds);

comment on function public.extend_job_v1(bigint, integer) is 'Worker only: prolongs a lease from now on; false when the job is gone.';

create or replace function public.complete_job_v1(job_id bigint) returns boolean
language sql volatile
set search_path = ''
return private.complete_job(job_id);

comment on function public.complete_job_v1(bigint) is 'Worker only: archives a finished job; false when it is gone.';

create or replace function public.fail_job_v1(
  job_id bigint, error_code text, error_message text, retry_in_seconds integer default null
) returns boolean
language sql volatile
set search_path = ''
return private.fail_job(job_id, error_code, error_message, retry_in_seconds);

comment on function public.fail_job_v1(bigint, text, text, integer) is E'Worker only: notes a failed attempt.\nThe job comes back after retry_in_seconds, or is given up when that is null: its calls then get this error as their result.';

-- ==== sql/50_rpc/layers.sql

create or replace function public.set_holdout(
  environment text, share integer, expected_number integer default 0, reason text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.set_holdout(environment, share, expected_number, reason, workspace_id);

comment on function public.set_holdout(text, integer, integer, text, uuid) is E'Holds a share of an environment''s subjects out of every experiment: share in basis points, 500 is 5 %, 0 ends it.\nReturns the holdout {id, environment, environment_id, number, share, reason, created_by, created_at}. Name in expected_number the number that you saw, 0 for none; a stale one is refused with 409 stale_holdout. Subjects who have an arm in an experiment keep it; they enter no other. The same share again changes nothing. Needs layers.write.';

-- ==== sql/50_rpc/notifications.sql

create or replace function public.mark_notifications_read(
  notification_ids uuid[] default null, workspace_id uuid default null
) returns integer
language sql volatile
set search_path = ''
return private.mark_notifications_read(notification_ids, workspace_id);

comment on function public.mark_notifications_read(uuid[], uuid) is E'Marks your notifications as read: the ones named, or all of them.\nWith workspace_id, those of one workspace. Returns how many were unread before.';

create or replace function public.unread_notifications(workspace_id uuid default null) returns integer
language sql stable
set search_path = ''
return private.unread_notifications(workspace_id);

comment on function public.unread_notifications(uuid) is E'How many notifications you have not read, in all of your workspaces or in one.\nAn act of a person: keys and servers have no inbox.';

create or replace function public.mute_object(object_kind text, object_id uuid, muted boolean default true) returns boolean
language sql volatile
set search_path = ''
return private.mute_object(object_kind, object_id, muted);

comment on function public.mute_object(text, uuid, boolean) is E'Stops your notifications about a thing, or lets them come again (muted false). A mention reaches you all the same.\nobject_kind is the name of the thing in the singular, as in add_comment. Returns muted.';

-- ==== sql/50_rpc/people.sql

create or replace function public.invite_member(
  email text, role text, expires_in_hours integer default 168, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.invite_member(email, role, expires_in_hours, workspace_id);

comment on function public.invite_member(text, text, integer, uuid) is E'Invites an email address to the workspace in a role: the row of invitations, and with it `token`, which is never shown again.\nYour application mails the link that carries the token; it is good for expires_in_hours (168, a week, when left out). Inviting the same address again makes a new token and voids the old one. The role may hold nothing that you do not hold (above_your_own), and only an owner invites an owner (owners_only). Needs members.write and a signed-in user; an address that is a member already is refused (already_member).';

create or replace function public.accept_invitation(token text default null, invitation_id uuid default null)
returns jsonb
language sql volatile
set search_path = ''
return private.accept_invitation(token, invitation_id);

comment on function public.accept_invitation(text, uuid) is E'Makes you a member of the workspace that invited you: {workspace_id, role, was_member}. Pass the token, or the id of a row of my_invitations.\nYou must be signed in with the invited address, confirmed. Accepting twice changes nothing; whoever is a member already keeps their role. Refuses what was revoked, used by another account, or has expired (invitation_over), and what the inviter may no longer give.';

create or replace function public.revoke_invitation(invitation_id uuid, workspace_id uuid default null)
returns public.invitations
language sql volatile
set search_path = ''
return private.revoke_invitation(invitation_id, workspace_id);

comment on function public.revoke_invitation(uuid, uuid) is E'Takes a pending invitation back: its token opens nothing from now on. What is settled stays as it is.\nNeeds members.write.';

create or replace function public.my_invitations()
returns table (
  invitation_id uuid, workspace_id uuid, workspace text, role text, expires_at timestamptz, invited_at timestamptz
)
language sql stable
set search_path = ''
begin atomic
  select * from private.my_invitations();
end;

comment on function public.my_invitations() is 'One row per invitation that waits for you, by your confirmed email address; accept_invitation takes its invitation_id.';

create or replace function public.change_role(
  user_id uuid, role text, expected_role text, workspace_id uuid default null
) returns public.members
language sql volatile
set search_path = ''
return private.change_role(user_id, role, expected_role, workspace_id);

comment on function public.change_role(uuid, text, text, uuid) is E'Gives a member another role, by compare-and-swap on the one that you see. It counts from their next request on.\nNeeds members.write and a signed-in user who holds everything that the old and the new role hold; only an owner touches owners, and the last owner stays one (last_owner).';

create or replace function public.remove_member(
  user_id uuid, revoke_keys boolean default false, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.remove_member(user_id, revoke_keys, workspace_id);

comment on function public.remove_member(uuid, boolean, uuid) is E'Ends a membership: from the next request on the person sees and does nothing here, whatever their token says.\nAnswers with the live API keys that they made: those belong to the workspace and live on, unless revoke_keys is true (needs api_keys.write too). Invitations that they made are void. Needs members.write; rules as for change_role.';

create or replace function public.leave_workspace(workspace_id uuid) returns void
language sql volatile
set search_path = ''
return private.leave_workspace(workspace_id);

comment on function public.leave_workspace(uuid) is 'Ends your own membership of the workspace. The last owner cannot leave (last_owner): hand over or delete first.';

create or replace function public.transfer_ownership(to_user uuid, workspace_id uuid default null) returns jsonb
language sql volatile
set search_path = ''
return private.transfer_ownership(to_user, workspace_id);

comment on function public.transfer_ownership(uuid, uuid) is E'Makes another member the owner and you an admin, in one transaction.\nOnly an owner may (owners_only), and only to a member.';

create or replace function public.create_role(
  key text, name text, permissions text[] default array['workspace.read'], workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.save_role(key, name, permissions, true, workspace_id);

comment on function public.create_role(text, text, text[], uuid) is E'Makes a role of your own with these permissions: {role, name, permissions}.\nNeeds roles.write; the role may hold nothing that you do not hold (above_your_own). A key that is there already is refused (role_taken).';

create or replace function public.update_role(
  key text, name text, permissions text[], workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.save_role(key, name, permissions, false, workspace_id);

comment on function public.update_role(text, text, text[], uuid) is E'Renames a role and makes these its permissions, all of them; it counts from its members'' next request on.\nNeeds roles.write and everything that the role holds now and shall hold (above_your_own). The owner''s role is refused (owner_role_stays).';

create or replace function public.delete_role(role text, workspace_id uuid default null) returns void
language sql volatile
set search_path = ''
return private.delete_role(role, workspace_id);

comment on function public.delete_role(text, uuid) is E'Deletes a role that no member has and no pending invitation names (role_in_use).\nNeeds roles.write and everything that the role holds. The owner''s role is refused (owner_role_stays).';

-- ==== sql/50_rpc/previews.sql

create or replace function public.preview_rollback(
  environment text, capability text, action text default null, intent text default null,
  to_version uuid default null, to_time timestamptz default null, workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.preview_rollback(environment, capability, action, intent, to_version, to_time, workspace_id);

comment on function public.preview_rollback(text, text, text, text, uuid, timestamptz, uuid) is E'What rollback with the same arguments would do; changes nothing.\nReturns {expected_version (pass it to rollback), live, live_since, after, gives_scope_back, summary, diff (the fields that differ), traffic (calls and conversations of the last hour and day that really got the live version; or reason_code no_inferences), experiments (that run here: ramp_stops, keeps_running_live or unaffected), narrower (scopes that stay as they are), effects (per metric: after minus live, with interval, n and grade: A from an experiment between the two versions, C from before and after, else null with a reason_code)}. Refused as rollback would be.';

create or replace function public.preview_publish(
  environment text, capability text, version_id uuid, action text default null, intent text default null,
  workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.preview_publish(environment, capability, version_id, action, intent, workspace_id);

comment on function public.preview_publish(text, text, uuid, text, text, uuid) is E'What publish of this version would do; changes nothing.\nReturns the same as preview_rollback. Refused: 404 unknown_version, 422 wrong_prompt, 409 already_live.';

-- ==== sql/50_rpc/prompts.sql

create or replace function public.create_prompt(
  key text, name text, capability text, action text default null, workspace_id uuid default null
) returns public.prompts
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'prompts.write');
  owner_id uuid := (select c.id from public.capabilities c where c.workspace_id = tenant and c.key = capability);
  step uuid := (select a.id from public.actions a where a.capability_id = owner_id and a.key = action);
  made public.prompts;
begin
  if owner_id is null or (action is not null and step is null) then
    perform private.fail(case when owner_id is null then 'unknown_capability' else 'unknown_action' end,
      jsonb_build_object('capability', capability, 'action', action));
  end if;
  insert into public.prompts (workspace_id, key, name, capability_id, action_id)
  values (tenant, key, name, owner_id, step)
  on conflict on constraint prompts_key_unique do nothing
  returning * into made;
  if made.id is null then
    select p.* into made from public.prompts p where p.workspace_id = tenant and p.key = create_prompt.key;
    if made.capability_id is distinct from owner_id or made.action_id is distinct from step then
      perform private.fail('key_taken', jsonb_build_object('key', key));
    end if;
  end if;
  return made;
end
$$;

comment on function public.create_prompt(text, text, text, text, uuid) is E'Makes a prompt for a capability or one of its actions, by their keys, with a branch main, and returns it.\nThe same call again returns the same prompt; a key that a prompt of another capability or action bears is refused (409 key_taken).';

create or replace function public.commit_version(
  prompt_id uuid, branch text default 'main', messages jsonb default null, variables jsonb default '{}',
  provider text default null, model text default null, params jsonb default '{}', tools jsonb default '[]',
  response_format jsonb default null, message text default '', expected_head uuid default null,
  workspace_id uuid default null
) returns public.prompt_versions
language sql volatile
set search_path = ''
return private.commit_version(
  prompt_id, branch, messages, variables, provider, model, params, tools,
  nullif(response_format, 'null'), message, expected_head, workspace_id);

comment on function public.commit_version(
  uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid
) is E'Adds an immutable version to a branch of a prompt and returns it.\nmessages, provider and model must be given. An unchanged bundle is refused (nothing_changed). With expected_head, so is a commit on a branch that has moved on (stale_head).';

-- ==== sql/50_rpc/provider_keys.sql

create or replace function public.set_provider_key(
  provider text, secret text, name text default null, workspace_id uuid default null
) returns public.provider_keys
language sql volatile
set search_path = ''
return private.set_provider_key(provider, secret, name, workspace_id);

comment on function public.set_provider_key(text, text, text, uuid) is E'Stores the key of a language-model provider in Vault, or replaces it.\nprovider is openai, anthropic or gemini: what the versions that shall run with it say. Nobody can read it back; the row that is returned shows its last four characters.';

create or replace function public.provider_key_v1(workspace_id uuid, provider text) returns text
language sql stable
set search_path = ''
return private.provider_key(workspace_id, provider);

comment on function public.provider_key_v1(uuid, text) is 'Worker only: a provider''s key in the clear.';

create or replace function public.test_provider_key(provider text, workspace_id uuid default null)
returns public.provider_keys
language sql volatile
set search_path = ''
return private.test_provider_key(provider, workspace_id);

comment on function public.test_provider_key(text, uuid) is E'Has a worker make the cheapest call that proves a provider''s key: it asks for the list of models, which costs nothing.\nReturns at once; the row of provider_keys then says last_tested_at, test_status and test_error_code. Asking again while the answer is to come queues nothing. Needs provider_keys.write.';

create or replace function public.delete_provider_key(
  provider text, force boolean default false, workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.delete_provider_key(provider, force, workspace_id);

comment on function public.delete_provider_key(text, boolean, uuid) is E'Removes a provider''s key from Vault for good: {provider, runs_waiting}. A worker forgets it within a minute.\nRefused while queued runs need it (provider_key_in_use), unless force is true: their calls then end with provider_key_missing. Needs provider_keys.write.';

create or replace function public.record_provider_key_test_v1(
  workspace_id uuid, provider text, rotated_at timestamptz, error_code text default null
) returns boolean
language sql volatile
set search_path = ''
return private.record_provider_key_test(workspace_id, provider, rotated_at, error_code);

comment on function public.record_provider_key_test_v1(uuid, text, timestamptz, text) is 'Worker only: what came of trying a provider''s key; no error code means that it works. False when the key has been replaced since.';

-- ==== sql/50_rpc/ramps.sql

create or replace function public.start_ramp(
  environment text, capability text, version_id uuid, expected_version uuid default null,
  action text default null, intent text default null, steps numeric[] default '{5,25,100}',
  guardrails jsonb default '[]', hold interval default '1 day', min_subjects integer default 100,
  unit text default 'user', reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.start_ramp(
  environment, capability, version_id, expected_version, action, intent, steps, guardrails, hold, min_subjects, unit,
  reason, workspace_id);

comment on function public.start_ramp(
  text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid
) is E'Begins to make a version live in steps (percentages of subjects, 5, 25, 100 by default), if expected_version is what is live at this scope now (null: nothing is, a wider scope answers).\nEach step but the last runs as an experiment: as many subjects again keep the live version as its control. guardrails is [{metric, margin}]: how much worse, in the metric''s unit, is still acceptable (margin left out or 0: no harm at all). hold is the least time of a step (1 day when left out), min_subjects what each arm needs before a guardrail is believed (100), unit user (when left out) or conversation. A worker advances the ramp when hold is over and all guardrails stand, and aborts it when one is breached. Returns the ramp: {ramp_id, experiment_id, state, step, share, next_share, holds_until, revision, …}, its shares in percent. Refused: 409 stale_version, already_live, ramp_running, overridden (a narrower scope is live), nothing_to_ramp_from; 422 wrong_prompt; 400 bad_argument.';

create or replace function public.advance_ramp(
  ramp_id uuid, expected_revision integer, force boolean default false, reason text default '',
  workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.advance_ramp(ramp_id, expected_revision, force, reason, workspace_id);

comment on function public.advance_ramp(uuid, integer, boolean, text, uuid) is E'Takes a ramp to its next step; the last one publishes the version and archives the experiment, in one transaction.\nReturns the ramp with guardrails: the numbers that decided. Refused: 409 stale_ramp, ramp_over, ramp_paused, ramp_holds (before the step''s time), guardrail_waits (too few subjects) and guardrail_breached. A signed-in person may pass force over the time and over missing data, never over a breach; the ledger says so.';

create or replace function public.abort_ramp(
  ramp_id uuid, expected_revision integer, reason text default '', workspace_id uuid default null
) returns jsonb
language sql volatile
set search_path = ''
return private.abort_ramp(ramp_id, expected_revision, reason, workspace_id);

comment on function public.abort_ramp(uuid, integer, text, uuid) is E'Ends a ramp at once: every subject gets the live version from the next decide on; what was measured stays.\nTo stop it for a while, pause its experiment, and resume it later. Returns the ramp. Refused: 409 stale_ramp, 409 ramp_over.';

create or replace function public.tick_ramps_v1(pause_seconds integer default 10) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
begin
  if pause_seconds is null or pause_seconds not between 0 and 86400 then
    perform private.fail('bad_argument', '{"argument": "pause_seconds", "expected": "from 0 to 86400"}');
  end if;
  return private.tick_ramps(pause_seconds);
end
$$;

comment on function public.tick_ramps_v1(integer) is E'Worker only: looks at the running ramps that nobody has looked at for so many seconds, and moves at most one.\nReturns the ramp that moved, with the guardrails that decided; null when there was nothing to do. Call again until then; any number of workers may.';

-- ==== sql/50_rpc/results.sql

create or replace function public.store_result_v1(
  workspace_id uuid, method text, method_version text, as_of timestamptz, result jsonb default null,
  inputs jsonb default '{}', reason_code text default null, grade text default null, experiment_id uuid default null,
  metric_id uuid default null, variant_id uuid default null, change_id uuid default null
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_variable
begin
  perform private.require_text('method', method, 100);
  perform private.require_text('method_version', method_version, 100);
  return private.store_result(jsonb_build_object(
    'workspace_id', workspace_id, 'method', method, 'method_version', method_version, 'as_of', as_of,
    'result', result, 'inputs', coalesce(inputs, '{}'), 'reason_code', reason_code, 'grade', grade,
    'experiment_id', experiment_id, 'metric_id', metric_id, 'variant_id', variant_id, 'change_id', change_id));
end
$$;

comment on function public.store_result_v1(
  uuid, text, text, timestamptz, jsonb, jsonb, text, text, uuid, uuid, uuid, uuid
) is E'Worker only: stores what a method that SQL does not do has found, in experiment_results.\nIdempotent: what it is about, method, version, inputs and as_of together name a computation. Either result or reason_code is there. Returns {result_id, inputs_hash, is_new}.';

-- ==== sql/50_rpc/runs.sql

create or replace function public.create_run(
  version_ids uuid[], test_case_ids uuid[] default null, repeats integer default 1, name text default null,
  workspace_id uuid default null
) returns public.runs
language sql volatile
set search_path = ''
return private.create_run(version_ids, test_case_ids, repeats, name, workspace_id);

comment on function public.create_run(uuid[], uuid[], integer, text, uuid) is E'Queues model calls: each version over the named test cases, or over all of its own prompt''s.\nReturns the run; the results appear in run_results.';

create or replace function public.run_work_v1(run_id uuid, items jsonb) returns jsonb
language sql stable
set search_path = ''
return private.run_work(run_id, items);

comment on function public.run_work_v1(uuid, jsonb) is E'Worker only: the items of a run that have no result yet.\nEach {version_id, test_case_id, repeat, bundle, variables, expected}.';

create or replace function public.record_run_results_v1(run_id uuid, results jsonb) returns jsonb
language sql volatile
set search_path = ''
return private.record_run_results(run_id, results);

comment on function public.record_run_results_v1(uuid, jsonb) is E'Worker only: keeps results, each once: {accepted, duplicates}.\nA result: version_id, test_case_id, repeat, status, and output, finish_reason, latency_ms, input_tokens, output_tokens, cost_usd, error_code, error_message, attempts.';

-- ==== sql/50_rpc/tags.sql

create or replace function public.tag_version(
  version_id uuid, name text, expected_version uuid default null, reason text default '', workspace_id uuid default null
) returns public.tags
language sql volatile
set search_path = ''
return private.tag_version(version_id, name, expected_version, reason, workspace_id);

comment on function public.tag_version(uuid, text, uuid, text, uuid) is
E'Points a tag, a name that is unique in the prompt, at a version, and returns it.\nA new tag needs no expected_version. To move one, name the version that it points at now; when it points elsewhere, the call is refused (stale_tag). A tag that points there already stays as it is. Every move is a row of tag_moves.';

create or replace function public.untag(
  prompt_id uuid, name text, expected_version uuid, reason text default '', workspace_id uuid default null
) returns public.tags
language sql volatile
set search_path = ''
return private.untag(prompt_id, name, expected_version, reason, workspace_id);

comment on function public.untag(uuid, text, uuid, text, uuid) is
E'Takes a tag away and returns it as it was; tag_moves keeps its history.\nRefused when there is no such tag (unknown_tag), or when it points at another version than the one named (stale_tag).';

-- ==== sql/50_rpc/templates.sql

create or replace function public.fork_prompt(
  key text, name text, version_id uuid default null, prompt_id uuid default null, capability text default null,
  action text default null, message text default '', workspace_id uuid default null
) returns public.prompts
language sql volatile
set search_path = ''
return private.fork_prompt(key, name, version_id, prompt_id, capability, action, message, workspace_id);

comment on function public.fork_prompt(text, text, uuid, uuid, text, text, text, uuid) is
E'Makes a prompt whose first version is a copy of version_id, or of the head of main of prompt_id, and remembers it as forked_from_version_id. Returns the prompt.\nIt is for the capability and action named, or for those of its source. The same call again returns the same prompt; a key that another prompt bears is refused (key_taken).';

create or replace function public.render_version(
  version_id uuid, variables jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.render_version(version_id, variables, workspace_id);

comment on function public.render_version(uuid, jsonb, uuid) is
E'The messages of a version with its {{variables}} filled, and the rest of its bundle: what a model would be asked.\nOne rule, which workers follow too: {{ name }} stands for the value of the declared variable name, a string as it is and anything else as JSON; \\{{ is a plain {{. Nothing is executed, and a value is never looked at again. variables is an object of name to value. Refused: missing_variable, unexpected_variable, wrong_variable_type, invalid_template.';

create or replace function public.render_template_version(
  template_version_id uuid, variables jsonb default '{}', workspace_id uuid default null
) returns jsonb
language sql stable
set search_path = ''
return private.render_template_version(template_version_id, variables, workspace_id);

comment on function public.render_template_version(uuid, jsonb, uuid) is
E'As render_version, for a version of a template.\nprovider and model are null where the template leaves them open.';

create or replace function public.create_prompt_template(
  key text, name text, description text default '', workspace_id uuid default null
) returns public.prompt_templates
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_variable
declare
  tenant uuid := private.authorise(workspace_id, 'templates.write');
  made public.prompt_templates;
begin
  insert into public.prompt_templates (workspace_id, key, name, description)
  values (tenant, key, name, coalesce(description, ''))
  on conflict on constraint prompt_templates_key_unique do nothing
  returning * into made;
  if made.id is null then
    select t.* into made from public.prompt_templates t
    where t.workspace_id = tenant and t.key = create_prompt_template.key and t.name = create_prompt_template.name;
    if made.id is null then
      perform private.fail('key_taken', jsonb_build_object('key', key));
    end if;
  end if;
  return made;
end
$$;

comment on function public.create_prompt_template(text, text, text, uuid) is
E'Makes a template of prompts, as yet without a version, and returns it.\nThe same call again returns the same template; a key that another template bears is refused (409 key_taken).';

create or replace function public.commit_template_version(
  template_id uuid, messages jsonb default null, variables jsonb default '{}', provider text default null,
  model text default null, params jsonb default '{}', tools jsonb default '[]', response_format jsonb default null,
  message text default '', expected_head uuid default null, workspace_id uuid default null
) returns public.prompt_template_versions
language sql volatile
set search_path = ''
return private.commit_template_version(template_id, messages, variables, provider, model, params, tools,
  nullif(response_format, 'null'), message, expected_head, workspace_id);

comment on function public.commit_template_version(
  uuid, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid
) is E'Adds an immutable version to a template and returns it. messages must be given; provider and model may be left open.\nAn unchanged bundle is refused (nothing_changed), a placeholder that is not declared too (invalid_template). With expected_head, so is a template that has moved on (stale_template).';

create or replace function public.create_version_from_template(
  prompt_id uuid, template_version_id uuid, branch text default 'main', defaults jsonb default '{}',
  provider text default null, model text default null, params jsonb default '{}', message text default '',
  expected_head uuid default null, workspace_id uuid default null
) returns public.prompt_versions
language sql volatile
set search_path = ''
return private.create_version_from_template(
  prompt_id, template_version_id, branch, defaults, provider, model, params, message, expected_head, workspace_id);

comment on function public.create_version_from_template(
  uuid, uuid, text, jsonb, text, text, jsonb, text, uuid, uuid
) is E'Commits a version that begins as a version of a template, and returns it. It and the versions after it remember where they came from (template_version_id).\ndefaults gives variables their values for this prompt: they become defaults, so that the text stays the template''s. provider and model must be given where the template leaves them open; params are laid over the template''s.\nRefused as commit_version refuses, and for a template version that is not of the prompt''s workspace (unknown_template_version).';

create or replace function public.lineage_of(inference_id uuid, workspace_id uuid default null) returns jsonb
language sql stable
set search_path = ''
return private.lineage_of(inference_id, workspace_id);

comment on function public.lineage_of(uuid, uuid) is
E'What one call of a model came from: {inference_id, started_at, deployment, version, template, forked_from_version_id, experiment_id, variant_id}.\nWhat does not apply is null. version_lineage says the same for versions.';

-- ==== sql/50_rpc/timeline.sql

create or replace function public.annotate(
  summary text, kind text default 'annotation', occurred_at timestamptz default null,
  environment text default null, capability text default null, action text default null, intent text default null,
  experiment_id uuid default null, supersedes uuid default null, detail jsonb default '{}',
  workspace_id uuid default null
) returns public.changes
language sql volatile
set search_path = ''
return private.annotate(
  summary, kind, occurred_at, environment, capability, action, intent, experiment_id, supersedes, detail, workspace_id);

comment on function public.annotate(
  text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid
) is E'Marks the timeline with something that may have moved an outcome: a campaign, a holiday, an outage.\nkind is annotation or incident; occurred_at is when it happened (now when left out); environment, capability, action, intent and experiment_id say what it concerns, detail is the caller''s own object. supersedes corrects an earlier mark: both rows stay in changes, timeline shows the last. Returns the row.';

-- ==== sql/50_rpc/workspaces.sql

create or replace function public.create_workspace(name text, slug text) returns jsonb
language sql volatile
set search_path = ''
return private.create_workspace(name, slug);

comment on function public.create_workspace(text, text) is E'Makes a workspace with its roles and its environments production and staging; you become its owner.\nCalling it again with the same slug returns the same workspace: {workspace_id, environments: {key: id}}.';

-- ==== policies/tables/api_keys.sql

alter table public.api_keys enable row level security;
revoke all on public.api_keys from public, anon, authenticated, service_role;
grant select on public.api_keys to authenticated, service_role;

create policy api_keys_select_member on public.api_keys for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy api_keys_select_member on public.api_keys is
  'Members see which API keys their workspaces have; the secrets are nowhere to be seen.';

alter table public.api_key_uses enable row level security;
revoke all on public.api_key_uses from public, anon, authenticated, service_role;
grant select on public.api_key_uses to authenticated, service_role;

create policy api_key_uses_select_member on public.api_key_uses for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy api_key_uses_select_member on public.api_key_uses is
  'Members see when the API keys of their workspaces were used.';

-- Hashes of secrets: the engine alone.
alter table private.api_key_secrets enable row level security;
revoke all on private.api_key_secrets from public, anon, authenticated, service_role;

-- ==== policies/tables/approvals.sql

alter table public.approval_rules enable row level security;
revoke all on public.approval_rules from public, anon, authenticated, service_role;
grant select on public.approval_rules to authenticated, service_role;

create policy approval_rules_select_member on public.approval_rules for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy approval_rules_select_member on public.approval_rules is
  'Members see which acts need a review in their workspaces.';

grant insert (workspace_id, act, environment_id, permission, approvals, allow_self)
  on public.approval_rules to authenticated, service_role;
create policy approval_rules_insert_governor on public.approval_rules for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('approvals.write')));
comment on policy approval_rules_insert_governor on public.approval_rules is
  'Who holds approvals.write makes rules.';

grant update (permission, approvals, allow_self) on public.approval_rules to authenticated, service_role;
create policy approval_rules_update_governor on public.approval_rules for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('approvals.write')))
  with check (workspace_id in (select private.my_workspaces_with('approvals.write')));
comment on policy approval_rules_update_governor on public.approval_rules is
  'Who holds approvals.write changes rules.';

grant delete on public.approval_rules to authenticated, service_role;
create policy approval_rules_delete_governor on public.approval_rules for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('approvals.write')));
comment on policy approval_rules_delete_governor on public.approval_rules is
  'Who holds approvals.write removes rules.';

alter table public.approval_requests enable row level security;
revoke all on public.approval_requests from public, anon, authenticated, service_role;
grant select on public.approval_requests to authenticated, service_role;

create policy approval_requests_select_member on public.approval_requests for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy approval_requests_select_member on public.approval_requests is
  'Members see what waits for a review in their workspaces.';

alter table public.approval_reviews enable row level security;
revoke all on public.approval_reviews from public, anon, authenticated, service_role;
grant select on public.approval_reviews to authenticated, service_role;

create policy approval_reviews_select_member on public.approval_reviews for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy approval_reviews_select_member on public.approval_reviews is
  'Members see what reviewers decided in their workspaces.';

-- ==== policies/tables/assignments.sql

alter table public.assignments enable row level security;
revoke all on public.assignments from public, anon, authenticated, service_role;
grant select on public.assignments to authenticated, service_role;

create policy assignments_select_member on public.assignments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy assignments_select_member on public.assignments is
  'Members see the assignments of their workspaces.';

-- ==== policies/tables/audit_events.sql

alter table public.audit_events enable row level security;
revoke all on public.audit_events from public, anon, authenticated, service_role;
grant select on public.audit_events to authenticated, service_role;

create policy audit_events_select_auditor on public.audit_events for select to authenticated
  using (workspace_id in (select private.my_workspaces_with('audit.read')));
comment on policy audit_events_select_auditor on public.audit_events is
  'Who holds audit.read sees the audit log of the workspace.';

-- ==== policies/tables/capabilities.sql

alter table public.capabilities enable row level security;
revoke all on public.capabilities from public, anon, authenticated, service_role;
grant select on public.capabilities to authenticated, service_role;

create policy capabilities_select_member on public.capabilities for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy capabilities_select_member on public.capabilities is
  'Members see the capabilities of their workspaces.';

grant insert (workspace_id, key, name, description) on public.capabilities to authenticated, service_role;
create policy capabilities_insert_editor on public.capabilities for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy capabilities_insert_editor on public.capabilities is
  'Who holds catalog.write adds the capabilities.';

grant update (key, name, description) on public.capabilities to authenticated, service_role;
create policy capabilities_update_editor on public.capabilities for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy capabilities_update_editor on public.capabilities is
  'Who holds catalog.write changes the capabilities.';

grant delete on public.capabilities to authenticated, service_role;
create policy capabilities_delete_editor on public.capabilities for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy capabilities_delete_editor on public.capabilities is
  'Who holds catalog.write removes the capabilities.';

alter table public.actions enable row level security;
revoke all on public.actions from public, anon, authenticated, service_role;
grant select on public.actions to authenticated, service_role;

create policy actions_select_member on public.actions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy actions_select_member on public.actions is 'Members see the actions of their workspaces.';

grant insert (workspace_id, capability_id, key, name, position) on public.actions to authenticated, service_role;
create policy actions_insert_editor on public.actions for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('catalog.write'))
    and exists (
      select from public.capabilities parent
      where parent.workspace_id = actions.workspace_id and parent.id = actions.capability_id));
comment on policy actions_insert_editor on public.actions is 'Who holds catalog.write adds the actions.';

grant update (key, name, position) on public.actions to authenticated, service_role;
create policy actions_update_editor on public.actions for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy actions_update_editor on public.actions is 'Who holds catalog.write changes the actions.';

grant delete on public.actions to authenticated, service_role;
create policy actions_delete_editor on public.actions for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy actions_delete_editor on public.actions is 'Who holds catalog.write removes the actions.';

-- ==== policies/tables/changes.sql

alter table public.changes enable row level security;
revoke all on public.changes from public, anon, authenticated, service_role;
grant select on public.changes to authenticated, service_role;

create policy changes_select_member on public.changes for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy changes_select_member on public.changes is 'Members see the ledger of their workspaces.';

-- ==== policies/tables/comments.sql

alter table public.comments enable row level security;
revoke all on public.comments from public, anon, authenticated, service_role;
grant select on public.comments to authenticated, service_role;

create policy comments_select_member on public.comments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy comments_select_member on public.comments is
  'Members see what was said in their workspaces.';

-- ==== policies/tables/deployments.sql

alter table public.deployments enable row level security;
revoke all on public.deployments from public, anon, authenticated, service_role;
grant select on public.deployments to authenticated, service_role;

create policy deployments_select_member on public.deployments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy deployments_select_member on public.deployments is
  'Members see the deployments of their workspaces.';

alter table private.deployment_heads enable row level security;
revoke all on private.deployment_heads from public, anon, authenticated, service_role;

-- ==== policies/tables/environments.sql

alter table public.environments enable row level security;
revoke all on public.environments from public, anon, authenticated, service_role;
grant select on public.environments to authenticated, service_role;

create policy environments_select_member on public.environments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy environments_select_member on public.environments is
  'Members see the environments of their workspaces.';

grant insert (workspace_id, key, name, is_production) on public.environments to authenticated, service_role;
create policy environments_insert_editor on public.environments for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('environments.write')));
comment on policy environments_insert_editor on public.environments is
  'Who holds environments.write adds the environments.';

grant update (name, is_production) on public.environments to authenticated, service_role;
create policy environments_update_editor on public.environments for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('environments.write')))
  with check (workspace_id in (select private.my_workspaces_with('environments.write')));
comment on policy environments_update_editor on public.environments is
  'Who holds environments.write changes the environments.';

grant delete on public.environments to authenticated, service_role;
create policy environments_delete_editor on public.environments for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('environments.write')));
comment on policy environments_delete_editor on public.environments is
  'Who holds environments.write removes the environments.';

-- ==== policies/tables/experiment_results.sql

alter table public.experiment_results enable row level security;
revoke all on public.experiment_results from public, anon, authenticated, service_role;
grant select on public.experiment_results to authenticated, service_role;

create policy experiment_results_select_member on public.experiment_results for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_results_select_member on public.experiment_results is
  'Members see what workers computed for their workspaces.';

-- ==== policies/tables/experiment_templates.sql

alter table public.experiment_templates enable row level security;
revoke all on public.experiment_templates from public, anon, authenticated, service_role;
grant select on public.experiment_templates to authenticated, service_role;

create policy experiment_templates_select_member on public.experiment_templates for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_templates_select_member on public.experiment_templates is
  'Members see the templates of experiments of their workspaces.';

grant insert (
  workspace_id, key, name, description, slots, document
) on public.experiment_templates to authenticated, service_role;
create policy experiment_templates_insert_editor on public.experiment_templates for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy experiment_templates_insert_editor on public.experiment_templates is
  'Who holds templates.write adds templates of experiments.';

grant update (key, name, description, slots, document) on public.experiment_templates to authenticated, service_role;
create policy experiment_templates_update_editor on public.experiment_templates for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('templates.write')))
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy experiment_templates_update_editor on public.experiment_templates is
  'Who holds templates.write changes templates of experiments.';

grant delete on public.experiment_templates to authenticated, service_role;
create policy experiment_templates_delete_editor on public.experiment_templates for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy experiment_templates_delete_editor on public.experiment_templates is
  'Who holds templates.write removes templates of experiments.';

-- ==== policies/tables/experiments.sql

alter table public.experiments enable row level security;
revoke all on public.experiments from public, anon, authenticated, service_role;
grant select on public.experiments to authenticated, service_role;

create policy experiments_select_member on public.experiments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiments_select_member on public.experiments is
  'Members see the experiments of their workspaces.';

grant insert (
  workspace_id, key, name, hypothesis, environment_id, capability_id, unit, traffic, parent_experiment_id,
  audience, layer_id, layer_from, layer_to, minimum_effect
) on public.experiments to authenticated, service_role;
create policy experiments_insert_editor on public.experiments for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiments_insert_editor on public.experiments is
  'Who holds experiments.write adds the experiments.';

grant delete on public.experiments to authenticated, service_role;
create policy experiments_delete_editor on public.experiments for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiments_delete_editor on public.experiments is
  'Who holds experiments.write removes the experiments.';

alter table public.experiment_moves enable row level security;
revoke all on public.experiment_moves from public, anon, authenticated, service_role;
grant select on public.experiment_moves to authenticated, service_role;

create policy experiment_moves_select_everyone on public.experiment_moves for select to authenticated
  using (true);
comment on policy experiment_moves_select_everyone on public.experiment_moves is
  'The moves are the same for all and no secret.';

alter table public.experiment_actions enable row level security;
revoke all on public.experiment_actions from public, anon, authenticated, service_role;
grant select on public.experiment_actions to authenticated, service_role;

create policy experiment_actions_select_member on public.experiment_actions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_actions_select_member on public.experiment_actions is
  'Members see the actions in scope of their workspaces.';

grant insert (
  workspace_id, experiment_id, capability_id, action_id
) on public.experiment_actions to authenticated, service_role;
create policy experiment_actions_insert_editor on public.experiment_actions for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = experiment_actions.workspace_id and parent.id = experiment_actions.experiment_id));
comment on policy experiment_actions_insert_editor on public.experiment_actions is
  'Who holds experiments.write adds the actions in scope.';

grant delete on public.experiment_actions to authenticated, service_role;
create policy experiment_actions_delete_editor on public.experiment_actions for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiment_actions_delete_editor on public.experiment_actions is
  'Who holds experiments.write removes the actions in scope.';

alter table public.experiment_intents enable row level security;
revoke all on public.experiment_intents from public, anon, authenticated, service_role;
grant select on public.experiment_intents to authenticated, service_role;

create policy experiment_intents_select_member on public.experiment_intents for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_intents_select_member on public.experiment_intents is
  'Members see the intents in scope of their workspaces.';

grant insert (workspace_id, experiment_id, intent_id) on public.experiment_intents to authenticated, service_role;
create policy experiment_intents_insert_editor on public.experiment_intents for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = experiment_intents.workspace_id and parent.id = experiment_intents.experiment_id));
comment on policy experiment_intents_insert_editor on public.experiment_intents is
  'Who holds experiments.write adds the intents in scope.';

grant delete on public.experiment_intents to authenticated, service_role;
create policy experiment_intents_delete_editor on public.experiment_intents for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiment_intents_delete_editor on public.experiment_intents is
  'Who holds experiments.write removes the intents in scope.';

alter table public.experiment_metrics enable row level security;
revoke all on public.experiment_metrics from public, anon, authenticated, service_role;
grant select on public.experiment_metrics to authenticated, service_role;

create policy experiment_metrics_select_member on public.experiment_metrics for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_metrics_select_member on public.experiment_metrics is
  'Members see the metrics of experiments of their workspaces.';

grant insert (
  workspace_id, experiment_id, metric_id, role, margin
) on public.experiment_metrics to authenticated, service_role;
create policy experiment_metrics_insert_editor on public.experiment_metrics for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = experiment_metrics.workspace_id and parent.id = experiment_metrics.experiment_id));
comment on policy experiment_metrics_insert_editor on public.experiment_metrics is
  'Who holds experiments.write adds the metrics of experiments.';

grant delete on public.experiment_metrics to authenticated, service_role;
create policy experiment_metrics_delete_editor on public.experiment_metrics for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy experiment_metrics_delete_editor on public.experiment_metrics is
  'Who holds experiments.write removes the metrics of experiments.';

alter table public.experiment_revisions enable row level security;
revoke all on public.experiment_revisions from public, anon, authenticated, service_role;
grant select on public.experiment_revisions to authenticated, service_role;

create policy experiment_revisions_select_member on public.experiment_revisions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_revisions_select_member on public.experiment_revisions is
  'Members see what the experiments of their workspaces were.';

-- ==== policies/tables/factors.sql

alter table public.factors enable row level security;
revoke all on public.factors from public, anon, authenticated, service_role;
grant select on public.factors to authenticated, service_role;

create policy factors_select_member on public.factors for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy factors_select_member on public.factors is
  'Members see the factors of experiments of their workspaces.';

alter table public.factor_levels enable row level security;
revoke all on public.factor_levels from public, anon, authenticated, service_role;
grant select on public.factor_levels to authenticated, service_role;

create policy factor_levels_select_member on public.factor_levels for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy factor_levels_select_member on public.factor_levels is
  'Members see the levels of factors of their workspaces.';

alter table public.variant_levels enable row level security;
revoke all on public.variant_levels from public, anon, authenticated, service_role;
grant select on public.variant_levels to authenticated, service_role;

create policy variant_levels_select_member on public.variant_levels for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variant_levels_select_member on public.variant_levels is
  'Members see the cells that arms are of their workspaces.';

-- ==== policies/tables/inferences.sql

alter table public.inferences enable row level security;
revoke all on public.inferences from public, anon, authenticated, service_role;
grant select on public.inferences to authenticated, service_role;

create policy inferences_select_member on public.inferences for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy inferences_select_member on public.inferences is
  'Members see the inferences of their workspaces.';

-- ==== policies/tables/intents.sql

alter table public.intents enable row level security;
revoke all on public.intents from public, anon, authenticated, service_role;
grant select on public.intents to authenticated, service_role;

create policy intents_select_member on public.intents for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy intents_select_member on public.intents is 'Members see the intents of their workspaces.';

grant insert (workspace_id, key, name, description) on public.intents to authenticated, service_role;
create policy intents_insert_editor on public.intents for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intents_insert_editor on public.intents is 'Who holds catalog.write adds the intents.';

grant update (key, name, description) on public.intents to authenticated, service_role;
create policy intents_update_editor on public.intents for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intents_update_editor on public.intents is 'Who holds catalog.write changes the intents.';

grant delete on public.intents to authenticated, service_role;
create policy intents_delete_editor on public.intents for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intents_delete_editor on public.intents is 'Who holds catalog.write removes the intents.';

alter table public.intent_examples enable row level security;
revoke all on public.intent_examples from public, anon, authenticated, service_role;
grant select on public.intent_examples to authenticated, service_role;

create policy intent_examples_select_member on public.intent_examples for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy intent_examples_select_member on public.intent_examples is
  'Members see the example phrases of their workspaces.';

grant insert (
  workspace_id, intent_id, text, embedding, embedder
) on public.intent_examples to authenticated, service_role;
create policy intent_examples_insert_editor on public.intent_examples for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('catalog.write'))
    and exists (
      select from public.intents parent
      where parent.workspace_id = intent_examples.workspace_id and parent.id = intent_examples.intent_id));
comment on policy intent_examples_insert_editor on public.intent_examples is
  'Who holds catalog.write adds the example phrases.';

grant update (text, embedding, embedder) on public.intent_examples to authenticated, service_role;
create policy intent_examples_update_editor on public.intent_examples for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')))
  with check (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intent_examples_update_editor on public.intent_examples is
  'Who holds catalog.write changes the example phrases.';

grant delete on public.intent_examples to authenticated, service_role;
create policy intent_examples_delete_editor on public.intent_examples for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('catalog.write')));
comment on policy intent_examples_delete_editor on public.intent_examples is
  'Who holds catalog.write removes the example phrases.';

-- ==== policies/tables/invitations.sql

alter table public.invitations enable row level security;
revoke all on public.invitations from public, anon, authenticated, service_role;
grant select on public.invitations to authenticated, service_role;

create policy invitations_select_admin on public.invitations for select to authenticated
  using (workspace_id in (select private.my_workspaces_with('members.write')));
comment on policy invitations_select_admin on public.invitations is
  'Who holds members.write sees who is invited; who is invited asks my_invitations.';

-- Hashes of tokens: the engine alone.
alter table private.invitation_secrets enable row level security;
revoke all on private.invitation_secrets from public, anon, authenticated, service_role;

-- ==== policies/tables/jobs.sql

alter table public.job_failures enable row level security;
revoke all on public.job_failures from public, anon, authenticated, service_role;
grant select on public.job_failures to authenticated, service_role;

create policy job_failures_select_member on public.job_failures for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy job_failures_select_member on public.job_failures is
  'Members see the failed jobs of their workspaces.';

-- ==== policies/tables/layers.sql

alter table public.layers enable row level security;
revoke all on public.layers from public, anon, authenticated, service_role;
grant select on public.layers to authenticated, service_role;

create policy layers_select_member on public.layers for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy layers_select_member on public.layers is
  'Members see the layers of their workspaces.';

grant insert (workspace_id, key, name, description) on public.layers to authenticated, service_role;
create policy layers_insert_editor on public.layers for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('layers.write')));
comment on policy layers_insert_editor on public.layers is
  'Who holds layers.write adds layers.';

grant update (key, name, description) on public.layers to authenticated, service_role;
create policy layers_update_editor on public.layers for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('layers.write')))
  with check (workspace_id in (select private.my_workspaces_with('layers.write')));
comment on policy layers_update_editor on public.layers is
  'Who holds layers.write renames layers.';

grant delete on public.layers to authenticated, service_role;
create policy layers_delete_editor on public.layers for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('layers.write')));
comment on policy layers_delete_editor on public.layers is
  'Who holds layers.write removes layers that no experiment was ever in.';

alter table public.holdouts enable row level security;
revoke all on public.holdouts from public, anon, authenticated, service_role;
grant select on public.holdouts to authenticated, service_role;

create policy holdouts_select_member on public.holdouts for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy holdouts_select_member on public.holdouts is
  'Members see the holdouts of their workspaces.';

-- ==== policies/tables/members.sql

alter table public.permissions enable row level security;
revoke all on public.permissions from public, anon, authenticated, service_role;
grant select on public.permissions to authenticated, service_role;

create policy permissions_select_everyone on public.permissions for select to authenticated
  using (true);
comment on policy permissions_select_everyone on public.permissions is
  'The list of permissions is the same for all and no secret.';

alter table public.roles enable row level security;
revoke all on public.roles from public, anon, authenticated, service_role;
grant select on public.roles to authenticated, service_role;

create policy roles_select_member on public.roles for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy roles_select_member on public.roles is 'Members see the roles of their workspaces.';

alter table public.role_permissions enable row level security;
revoke all on public.role_permissions from public, anon, authenticated, service_role;
grant select on public.role_permissions to authenticated, service_role;

create policy role_permissions_select_member on public.role_permissions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy role_permissions_select_member on public.role_permissions is
  'Members see what their roles may do of their workspaces.';

-- Nobody gives a role what they do not hold, or edits a role that holds more than they do.
grant insert (workspace_id, role, permission) on public.role_permissions to authenticated, service_role;
grant delete on public.role_permissions to authenticated, service_role;
create policy role_permissions_insert_admin on public.role_permissions for insert to authenticated
  with check (
    (workspace_id, role) in (select workspace_id, role from private.roles_within('roles.write'))
    and (workspace_id, permission) in (select workspace_id, permission from private.my_permissions()));
comment on policy role_permissions_insert_admin on public.role_permissions is
  'Who holds roles.write gives a role a permission that they hold themselves.';

-- The owner's permissions cannot be taken away: somebody must be able to mend the rest.
create policy role_permissions_delete_admin on public.role_permissions for delete to authenticated
  using (
    role <> 'owner'
    and (workspace_id, role) in (select workspace_id, role from private.roles_within('roles.write')));
comment on policy role_permissions_delete_admin on public.role_permissions is
  'Who holds roles.write takes a permission from a role that holds no more than they do, but not from the owner.';

alter table public.members enable row level security;
revoke all on public.members from public, anon, authenticated, service_role;
grant select on public.members to authenticated, service_role;

create policy members_select_member on public.members for select to authenticated
  using (workspace_id in (select private.my_workspaces()) or user_id = (select auth.uid()));
comment on policy members_select_member on public.members is
  'Members see the members of their workspaces, and everyone their own memberships.';

-- People come in by invitation. A server may provision them: its key is the project's own.
grant insert (workspace_id, user_id, role) on public.members to service_role;

grant update (role) on public.members to authenticated, service_role;
create policy members_update_admin on public.members for update to authenticated
  using ((workspace_id, role) in (select workspace_id, role from private.roles_within('members.write')))
  with check ((workspace_id, role) in (select workspace_id, role from private.roles_within('members.write')));
comment on policy members_update_admin on public.members is
  'Who holds members.write changes roles that hold no more than theirs, to such roles; only an owner touches owners.';

grant delete on public.members to authenticated, service_role;
create policy members_delete_admin_or_self on public.members for delete to authenticated
  using (
    user_id = (select auth.uid())
    or (workspace_id, role) in (select workspace_id, role from private.roles_within('members.write')));
comment on policy members_delete_admin_or_self on public.members is
  'Everyone may leave; who holds members.write removes who holds no more than they do; only an owner removes an owner.';

-- ==== policies/tables/moments.sql

alter table private.effect_moments enable row level security;
revoke all on private.effect_moments from public, anon, authenticated, service_role;
grant select on private.effect_moments to authenticated, service_role;

create policy effect_moments_select_member on private.effect_moments for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy effect_moments_select_member on private.effect_moments is
  'Members see the moments of the experiments of their workspaces.';

alter table private.unit_cells enable row level security;
revoke all on private.unit_cells from public, anon, authenticated, service_role;
grant select on private.unit_cells to authenticated, service_role;

create policy unit_cells_select_member on private.unit_cells for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy unit_cells_select_member on private.unit_cells is
  'Members see how many units the experiments of their workspaces have.';

alter table private.restatements enable row level security;
revoke all on private.restatements from public, anon, authenticated, service_role;
grant select on private.restatements to authenticated, service_role;

create policy restatements_select_member on private.restatements for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy restatements_select_member on private.restatements is
  'Members see which closed cohorts of their workspaces changed.';

alter table private.watermark enable row level security;
revoke all on private.watermark from public, anon, authenticated, service_role;
grant select on private.watermark to authenticated, service_role;

create policy watermark_select_everyone on private.watermark for select to authenticated
  using (true);
comment on policy watermark_select_everyone on private.watermark is
  'How fresh the numbers are is the same for all and no secret.';

alter table private.stale_experiments enable row level security;
revoke all on private.stale_experiments from public, anon, authenticated, service_role;

-- ==== policies/tables/notifications.sql

-- A person's own: no server reads them either.
alter table public.notifications enable row level security;
revoke all on public.notifications from public, anon, authenticated, service_role;
grant select on public.notifications to authenticated;

create policy notifications_select_own on public.notifications for select to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notifications_select_own on public.notifications is
  'Everyone sees their own notifications, of the workspaces that they are a member of.';

alter table public.notification_preferences enable row level security;
revoke all on public.notification_preferences from public, anon, authenticated, service_role;
grant select, delete on public.notification_preferences to authenticated;
grant insert (workspace_id, kind, delivery) on public.notification_preferences to authenticated;
grant update (delivery) on public.notification_preferences to authenticated;

create policy notification_preferences_select_own on public.notification_preferences for select to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_select_own on public.notification_preferences is
  'Everyone sees their own wishes.';
create policy notification_preferences_insert_own on public.notification_preferences for insert to authenticated
  with check (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_insert_own on public.notification_preferences is
  'Everyone says how they want to be told.';
create policy notification_preferences_update_own on public.notification_preferences for update to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()))
  with check (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_update_own on public.notification_preferences is
  'Everyone changes their own wishes.';
create policy notification_preferences_delete_own on public.notification_preferences for delete to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_preferences_delete_own on public.notification_preferences is
  'Everyone takes their own wishes back.';

alter table public.notification_mutes enable row level security;
revoke all on public.notification_mutes from public, anon, authenticated, service_role;
grant select on public.notification_mutes to authenticated;

create policy notification_mutes_select_own on public.notification_mutes for select to authenticated
  using (user_id = (select auth.uid()) and workspace_id in (select private.my_workspaces()));
comment on policy notification_mutes_select_own on public.notification_mutes is
  'Everyone sees what they have muted.';

-- ==== policies/tables/outcome_metrics.sql

alter table public.outcome_metrics enable row level security;
revoke all on public.outcome_metrics from public, anon, authenticated, service_role;
grant select on public.outcome_metrics to authenticated, service_role;

create policy outcome_metrics_select_member on public.outcome_metrics for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy outcome_metrics_select_member on public.outcome_metrics is
  'Members see the outcome metrics of their workspaces.';

grant insert (
  workspace_id, key, name, description, kind, unit, direction, attribution_window, join_key, when_absent,
  per_subject
) on public.outcome_metrics to authenticated, service_role;
create policy outcome_metrics_insert_editor on public.outcome_metrics for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('metrics.write')));
comment on policy outcome_metrics_insert_editor on public.outcome_metrics is
  'Who holds metrics.write adds the outcome metrics.';

grant update (
  name, description, unit, direction, attribution_window, join_key, when_absent, per_subject
) on public.outcome_metrics to authenticated, service_role;
create policy outcome_metrics_update_editor on public.outcome_metrics for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('metrics.write')))
  with check (workspace_id in (select private.my_workspaces_with('metrics.write')));
comment on policy outcome_metrics_update_editor on public.outcome_metrics is
  'Who holds metrics.write changes the outcome metrics.';

grant delete on public.outcome_metrics to authenticated, service_role;
create policy outcome_metrics_delete_editor on public.outcome_metrics for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('metrics.write')));
comment on policy outcome_metrics_delete_editor on public.outcome_metrics is
  'Who holds metrics.write removes the outcome metrics.';

-- ==== policies/tables/outcomes.sql

alter table public.outcomes enable row level security;
revoke all on public.outcomes from public, anon, authenticated, service_role;
grant select on public.outcomes to authenticated, service_role;

create policy outcomes_select_member on public.outcomes for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy outcomes_select_member on public.outcomes is
  'Members see the outcomes of their workspaces.';

alter table public.outcome_keys enable row level security;
revoke all on public.outcome_keys from public, anon, authenticated, service_role;
grant select on public.outcome_keys to authenticated, service_role;

create policy outcome_keys_select_member on public.outcome_keys for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy outcome_keys_select_member on public.outcome_keys is
  'Members see the outcome keys of their workspaces.';

-- ==== policies/tables/prompt_templates.sql

alter table public.prompt_templates enable row level security;
revoke all on public.prompt_templates from public, anon, authenticated, service_role;
grant select on public.prompt_templates to authenticated, service_role;

create policy prompt_templates_select_member on public.prompt_templates for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompt_templates_select_member on public.prompt_templates is
  'Members see the prompt templates of their workspaces.';

grant insert (workspace_id, key, name, description) on public.prompt_templates to authenticated, service_role;
create policy prompt_templates_insert_editor on public.prompt_templates for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy prompt_templates_insert_editor on public.prompt_templates is
  'Who holds templates.write adds prompt templates.';

grant update (key, name, description) on public.prompt_templates to authenticated, service_role;
create policy prompt_templates_update_editor on public.prompt_templates for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('templates.write')))
  with check (workspace_id in (select private.my_workspaces_with('templates.write')));
comment on policy prompt_templates_update_editor on public.prompt_templates is
  'Who holds templates.write renames and describes prompt templates.';

alter table public.prompt_template_versions enable row level security;
revoke all on public.prompt_template_versions from public, anon, authenticated, service_role;
grant select on public.prompt_template_versions to authenticated, service_role;

create policy prompt_template_versions_select_member on public.prompt_template_versions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompt_template_versions_select_member on public.prompt_template_versions is
  'Members see the versions of their workspaces'' prompt templates.';

-- ==== policies/tables/prompt_versions.sql

alter table public.prompt_versions enable row level security;
revoke all on public.prompt_versions from public, anon, authenticated, service_role;
grant select on public.prompt_versions to authenticated, service_role;

create policy prompt_versions_select_member on public.prompt_versions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompt_versions_select_member on public.prompt_versions is
  'Members see the versions of their workspaces.';

-- ==== policies/tables/prompts.sql

alter table public.prompts enable row level security;
revoke all on public.prompts from public, anon, authenticated, service_role;
grant select on public.prompts to authenticated, service_role;

create policy prompts_select_member on public.prompts for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy prompts_select_member on public.prompts is 'Members see the prompts of their workspaces.';

grant insert (workspace_id, key, name, capability_id, action_id) on public.prompts to authenticated, service_role;
create policy prompts_insert_editor on public.prompts for insert to authenticated
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy prompts_insert_editor on public.prompts is 'Who holds prompts.write adds the prompts.';

grant update (key, name) on public.prompts to authenticated, service_role;
create policy prompts_update_editor on public.prompts for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('prompts.write')))
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy prompts_update_editor on public.prompts is 'Who holds prompts.write changes the prompts.';

alter table public.branches enable row level security;
revoke all on public.branches from public, anon, authenticated, service_role;
grant select on public.branches to authenticated, service_role;

create policy branches_select_member on public.branches for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy branches_select_member on public.branches is
  'Members see the branches of their workspaces.';

grant insert (workspace_id, prompt_id, name, head_version_id) on public.branches to authenticated, service_role;
create policy branches_insert_editor on public.branches for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('prompts.write'))
    and exists (
      select from public.prompts parent
      where parent.workspace_id = branches.workspace_id and parent.id = branches.prompt_id));
comment on policy branches_insert_editor on public.branches is 'Who holds prompts.write adds the branches.';

grant update (name) on public.branches to authenticated, service_role;
create policy branches_update_editor on public.branches for update to authenticated
  using (deleted_at is null and workspace_id in (select private.my_workspaces_with('prompts.write')))
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy branches_update_editor on public.branches is
  'Who holds prompts.write changes the branches.';

-- ==== policies/tables/provider_keys.sql

alter table public.provider_keys enable row level security;
revoke all on public.provider_keys from public, anon, authenticated, service_role;
grant select on public.provider_keys to authenticated, service_role;

create policy provider_keys_select_member on public.provider_keys for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy provider_keys_select_member on public.provider_keys is
  'Members see which provider keys there are of their workspaces.';

-- ==== policies/tables/ramps.sql

alter table public.ramps enable row level security;
revoke all on public.ramps from public, anon, authenticated, service_role;
grant select on public.ramps to authenticated, service_role;

create policy ramps_select_member on public.ramps for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy ramps_select_member on public.ramps is 'Members see the ramps of their workspaces.';

alter table public.ramp_steps enable row level security;
revoke all on public.ramp_steps from public, anon, authenticated, service_role;
grant select on public.ramp_steps to authenticated, service_role;

create policy ramp_steps_select_member on public.ramp_steps for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy ramp_steps_select_member on public.ramp_steps is 'Members see the steps of the ramps of their workspaces.';

alter table private.ramp_clock enable row level security;
revoke all on private.ramp_clock from public, anon, authenticated, service_role;

-- ==== policies/tables/rules.sql

alter table private.live_rules enable row level security;
revoke all on private.live_rules from public, anon, authenticated, service_role;

-- ==== policies/tables/runs.sql

alter table public.test_cases enable row level security;
revoke all on public.test_cases from public, anon, authenticated, service_role;
grant select on public.test_cases to authenticated, service_role;

create policy test_cases_select_member on public.test_cases for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy test_cases_select_member on public.test_cases is
  'Members see the test cases of their workspaces.';

grant insert (workspace_id, prompt_id, name, variables, expected) on public.test_cases to authenticated, service_role;
create policy test_cases_insert_editor on public.test_cases for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('prompts.write'))
    and exists (
      select from public.prompts parent
      where parent.workspace_id = test_cases.workspace_id and parent.id = test_cases.prompt_id));
comment on policy test_cases_insert_editor on public.test_cases is
  'Who holds prompts.write adds the test cases.';

grant update (name, variables, expected) on public.test_cases to authenticated, service_role;
create policy test_cases_update_editor on public.test_cases for update to authenticated
  using (workspace_id in (select private.my_workspaces_with('prompts.write')))
  with check (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy test_cases_update_editor on public.test_cases is
  'Who holds prompts.write changes the test cases.';

grant delete on public.test_cases to authenticated, service_role;
create policy test_cases_delete_editor on public.test_cases for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('prompts.write')));
comment on policy test_cases_delete_editor on public.test_cases is
  'Who holds prompts.write removes the test cases.';

alter table public.runs enable row level security;
revoke all on public.runs from public, anon, authenticated, service_role;
grant select on public.runs to authenticated, service_role;

create policy runs_select_member on public.runs for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy runs_select_member on public.runs is 'Members see the runs of their workspaces.';

alter table public.run_results enable row level security;
revoke all on public.run_results from public, anon, authenticated, service_role;
grant select on public.run_results to authenticated, service_role;

create policy run_results_select_member on public.run_results for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy run_results_select_member on public.run_results is
  'Members see the results of runs of their workspaces.';

-- ==== policies/tables/tags.sql

alter table public.tags enable row level security;
revoke all on public.tags from public, anon, authenticated, service_role;
grant select on public.tags to authenticated, service_role;

create policy tags_select_member on public.tags for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy tags_select_member on public.tags is 'Members see the tags of their workspaces.';

alter table public.tag_moves enable row level security;
revoke all on public.tag_moves from public, anon, authenticated, service_role;
grant select on public.tag_moves to authenticated, service_role;

create policy tag_moves_select_member on public.tag_moves for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy tag_moves_select_member on public.tag_moves is 'Members see where tags pointed before.';

-- ==== policies/tables/units.sql

-- Members may look, as into the raw rows that these are made of; the compactor alone writes.
alter table private.experiment_units enable row level security;
revoke all on private.experiment_units from public, anon, authenticated, service_role;
grant select on private.experiment_units to authenticated, service_role;

create policy experiment_units_select_member on private.experiment_units for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_units_select_member on private.experiment_units is
  'Members see the units of the experiments of their workspaces.';

alter table private.unit_values enable row level security;
revoke all on private.unit_values from public, anon, authenticated, service_role;
grant select on private.unit_values to authenticated, service_role;

create policy unit_values_select_member on private.unit_values for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy unit_values_select_member on private.unit_values is
  'Members see what units of their workspaces are worth.';

alter table private.outcome_places enable row level security;
revoke all on private.outcome_places from public, anon, authenticated, service_role;

alter table private.marked_units enable row level security;
revoke all on private.marked_units from public, anon, authenticated, service_role;

-- ==== policies/tables/variants.sql

alter table public.variants enable row level security;
revoke all on public.variants from public, anon, authenticated, service_role;
grant select on public.variants to authenticated, service_role;

create policy variants_select_member on public.variants for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variants_select_member on public.variants is
  'Members see the variants of their workspaces.';

grant insert (
  workspace_id, experiment_id, key, name, weight, is_control
) on public.variants to authenticated, service_role;
create policy variants_insert_editor on public.variants for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.experiments parent
      where parent.workspace_id = variants.workspace_id and parent.id = variants.experiment_id));
comment on policy variants_insert_editor on public.variants is
  'Who holds experiments.write adds the variants.';

grant delete on public.variants to authenticated, service_role;
create policy variants_delete_editor on public.variants for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy variants_delete_editor on public.variants is
  'Who holds experiments.write removes the variants.';

alter table public.variant_versions enable row level security;
revoke all on public.variant_versions from public, anon, authenticated, service_role;
grant select on public.variant_versions to authenticated, service_role;

create policy variant_versions_select_member on public.variant_versions for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variant_versions_select_member on public.variant_versions is
  'Members see what variants run of their workspaces.';

grant insert (
  workspace_id, variant_id, action_id, prompt_version_id
) on public.variant_versions to authenticated, service_role;
create policy variant_versions_insert_editor on public.variant_versions for insert to authenticated
  with check (
    workspace_id in (select private.my_workspaces_with('experiments.write'))
    and exists (
      select from public.variants parent
      where parent.workspace_id = variant_versions.workspace_id and parent.id = variant_versions.variant_id));
comment on policy variant_versions_insert_editor on public.variant_versions is
  'Who holds experiments.write adds what variants run.';

grant delete on public.variant_versions to authenticated, service_role;
create policy variant_versions_delete_editor on public.variant_versions for delete to authenticated
  using (workspace_id in (select private.my_workspaces_with('experiments.write')));
comment on policy variant_versions_delete_editor on public.variant_versions is
  'Who holds experiments.write removes what variants run.';

alter table public.experiment_phases enable row level security;
revoke all on public.experiment_phases from public, anon, authenticated, service_role;
grant select on public.experiment_phases to authenticated, service_role;

create policy experiment_phases_select_member on public.experiment_phases for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_phases_select_member on public.experiment_phases is
  'Members see the phases of their workspaces.';

alter table public.experiment_phase_arms enable row level security;
revoke all on public.experiment_phase_arms from public, anon, authenticated, service_role;
grant select on public.experiment_phase_arms to authenticated, service_role;

create policy experiment_phase_arms_select_member on public.experiment_phase_arms for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy experiment_phase_arms_select_member on public.experiment_phase_arms is
  'Members see the arms of phases of their workspaces.';

alter table public.variant_rollbacks enable row level security;
revoke all on public.variant_rollbacks from public, anon, authenticated, service_role;
grant select on public.variant_rollbacks to authenticated, service_role;

create policy variant_rollbacks_select_member on public.variant_rollbacks for select to authenticated
  using (workspace_id in (select private.my_workspaces()));
comment on policy variant_rollbacks_select_member on public.variant_rollbacks is
  'Members see when arms of their workspaces'' experiments were stopped.';

-- ==== policies/tables/workspaces.sql

alter table public.workspaces enable row level security;
revoke all on public.workspaces from public, anon, authenticated, service_role;
grant select on public.workspaces to authenticated, service_role;

create policy workspaces_select_member on public.workspaces for select to authenticated
  using (id in (select private.my_workspaces()));
comment on policy workspaces_select_member on public.workspaces is 'Members see their workspaces.';

grant update (name, slug) on public.workspaces to authenticated, service_role;
create policy workspaces_update_editor on public.workspaces for update to authenticated
  using (id in (select private.my_workspaces_with('workspace.write')))
  with check (id in (select private.my_workspaces_with('workspace.write')));
comment on policy workspaces_update_editor on public.workspaces is
  'Who holds workspace.write renames the workspace.';

-- ==== policies/85_environment_scopes.sql

-- An API key that is scoped to environments sees and changes those alone: a restrictive policy on top of the others, on
-- every table that says its environment, and on the parts of experiments. Made from the catalog, so that a new table
-- cannot be forgotten. The first half of each condition is true for everybody else, and asked once a query.
create or replace function private.scope_to_environments(relation regclass, command text, inside text) returns void
language plpgsql
set search_path = ''
as $$
declare
  condition constant text := format('(select private.key_environments()) is null or (%s)', inside);
  policy constant text := format('%s_%s_scoped_key', (select relname from pg_class where oid = relation), command);
begin
  execute format('create policy %I on %s as restrictive for %s to authenticated %s%s', policy, relation, command,
    case when command <> 'insert' then format('using (%s)', condition) end,
    case when command in ('insert', 'update') then format(' with check (%s)', condition) end);
  execute format('comment on policy %I on %s is %L', policy, relation,
    'An API key that is scoped to environments reaches rows of those alone.');
end
$$;

comment on function private.scope_to_environments(regclass, text, text) is
'Adds the restrictive policy that keeps an API key within its environments, for one command of one table.';

select private.scope_to_environments(found.relation, found.command, found.inside)
from (
  select distinct on (c.oid, p.polcmd) c.oid::regclass as relation,
    case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' end as command,
    case
      when c.relname = 'environments' then 'id = any ((select private.key_environments())::uuid[])'
      when a.attname = 'environment_id' then 'environment_id = any ((select private.key_environments())::uuid[])'
      when a.attname = 'experiment_id' then 'experiment_id in (select e.id from public.experiments e)'
      else 'variant_id in (select v.id from public.variants v)'
    end as inside
  from pg_class c
  join pg_policy p on p.polrelid = c.oid and p.polpermissive
  join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
    and (a.attname in ('environment_id', 'experiment_id', 'variant_id') or (c.relname = 'environments' and a.attname = 'id'))
  where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p')
  order by c.oid, p.polcmd, a.attname <> 'environment_id', a.attname <> 'experiment_id'
) as found
order by found.relation::text, found.command;

-- What says its environment only through something else.
select private.scope_to_environments(said.relation, 'select', said.inside)
from (values
  ('public.ramp_steps'::regclass, 'ramp_id in (select r.id from public.ramps r)'),
  ('public.approval_reviews', 'request_id in (select q.id from public.approval_requests q)'),
  -- The log holds the rows of all environments, and a comment may be about any of them.
  ('public.audit_events', 'false'),
  ('public.comments', $$object_kind in ('action', 'branch', 'capability', 'intent', 'layer', 'outcome_metric', 'prompt',
    'prompt_template', 'prompt_version', 'test_case') or object_id in (select e.id from public.experiments e)$$)
) as said (relation, inside);

-- ==== policies/90_execute/00_nobody.sql

-- Everything is taken away first: PUBLIC gets EXECUTE on every new function, and a project's default privileges may
-- have given more. The files after this one, one an area, say who may call what.
revoke execute on all functions in schema public, private, stats from public, anon, authenticated, service_role;
revoke all on all sequences in schema public, private from public, anon, authenticated, service_role;

-- ==== policies/90_execute/approvals.sql

grant execute on function
  public.submit_for_approval(uuid, integer, text, uuid),
  public.request_publication(text, text, uuid, text, text, text, uuid),
  public.approve(uuid, text, text), public.reject(uuid, text, text), public.withdraw_request(uuid),
  private.submit_for_approval(uuid, integer, text, uuid),
  private.request_publication(text, text, uuid, text, text, text, uuid),
  private.review(uuid, text, text, text), private.withdraw_request(uuid)
to authenticated, service_role;

-- ==== policies/90_execute/audit.sql

-- What the log keeps is decided by its triggers alone.
revoke all on private.audited, private.audit_exempt from public, anon, authenticated, service_role;

-- ==== policies/90_execute/catalog.sql

revoke all on public.timeline from public, anon, authenticated, service_role;
grant select on public.timeline to authenticated, service_role;

grant execute on function
  public.archive_object(text, uuid), public.restore_object(text, uuid), private.set_archived(text, uuid, boolean),
  public.annotate(text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid),
  private.annotate(text, text, timestamptz, text, text, text, text, uuid, uuid, jsonb, uuid)
to authenticated, service_role;

-- ==== policies/90_execute/collaboration.sql

revoke all on private.object_kinds from public, anon, authenticated, service_role;

grant execute on function
  public.add_comment(text, uuid, text, uuid[], uuid, uuid), public.edit_comment(uuid, text, uuid[]),
  public.delete_comment(uuid), public.resolve_thread(uuid, boolean),
  private.add_comment(text, uuid, text, uuid[], uuid, uuid), private.edit_comment(uuid, text, uuid[]),
  private.delete_comment(uuid), private.resolve_thread(uuid, boolean),
  public.mark_notifications_read(uuid[], uuid), private.mark_notifications_read(uuid[], uuid),
  public.mute_object(text, uuid, boolean), private.mute_object(text, uuid, boolean),
  public.unread_notifications(uuid), private.unread_notifications(uuid)
to authenticated, service_role;

-- ==== policies/90_execute/compact.sql

-- Views of the compactor run with their reader's rights.
revoke all on private.unit_exposures, private.sightings, private.counted_metrics, private.unit_events
from public, anon, authenticated, service_role;
grant select on private.unit_exposures, private.sightings, private.counted_metrics, private.unit_events
to authenticated, service_role;
grant execute on function
  private.exact(double precision), private.span_of(timestamptz, timestamptz, timestamptz, interval),
  private.folded(text, bigint, numeric, double precision), private.segments_of(uuid, jsonb),
  private.dimensions_of(uuid, jsonb)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.compact(), private.compact() to service_role;

-- ==== policies/90_execute/decisions.sql

grant execute on function
  public.explain_decision(text, text, text, text, text, text, jsonb, uuid),
  public.ruleset(text, text, uuid),
  public.record_exposures(jsonb, uuid),
  private.explain_decision(text, text, text, text, text, text, jsonb, uuid),
  private.ruleset(text, text, uuid),
  private.record_exposures(jsonb, uuid)
to authenticated, service_role;

-- ==== policies/90_execute/deployments.sql

revoke all on public.live_deployments from public, anon, authenticated, service_role;
grant select on public.live_deployments to authenticated, service_role;

grant execute on function
  public.decide(text, text, text, text, text, text, jsonb, uuid),
  public.publish(text, text, uuid, uuid, text, text, text, uuid),
  public.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid),
  public.withdraw(text, text, uuid, text, text, text, uuid),
  public.preview_rollback(text, text, text, text, uuid, timestamptz, uuid),
  public.preview_publish(text, text, uuid, text, text, uuid),
  private.preview_rollback(text, text, text, text, uuid, timestamptz, uuid),
  private.preview_publish(text, text, uuid, text, text, uuid),
  private.decide(text, text, text, text, text, text, jsonb, uuid),
  private.publish(text, text, uuid, uuid, text, text, text, uuid),
  private.rollback(text, text, uuid, text, text, uuid, text, timestamptz, uuid),
  private.withdraw(text, text, uuid, text, text, text, uuid)
to authenticated, service_role;

-- ==== policies/90_execute/engine.sql

-- Used by defaults, policies, triggers and views that run with the caller's rights.
revoke all on private.errors, private.batch_fields, private.field_types, private.role_defaults
from public, anon, authenticated, service_role;
grant select on private.errors to authenticated, service_role;

grant execute on all functions in schema stats to authenticated, service_role;
grant execute on function
  private.now(), private.uuidv7(), private.my_workspaces(), private.my_workspaces_with(text),
  private.my_owned_workspaces(), private.fill(text, jsonb), private.fail(text, jsonb),
  private.caller_is_server(), private.may_enter(uuid), private.only_workspace(), private.authorise(uuid, text),
  private.granted_workspace(uuid, text),
  private.require_permission(uuid, text)
to authenticated, service_role;
grant execute on function private.require_text(text, text, integer) to service_role;

-- ==== policies/90_execute/events.sql

grant execute on function
  public.record_inferences(jsonb, uuid),
  public.record_outcomes(jsonb, uuid),
  private.record_inferences(jsonb, uuid),
  private.record_outcomes(jsonb, uuid)
to authenticated, service_role;

-- ==== policies/90_execute/experiments.sql

grant execute on function
  public.activate(uuid, integer, uuid),
  public.pause(uuid, integer, uuid),
  public.resume(uuid, integer, uuid),
  public.archive(uuid, integer, uuid),
  public.rollback_variant(uuid, text, integer, text, uuid),
  public.restore_variant(uuid, text, integer, text, uuid),
  private.restore_variant(uuid, text, integer, text, uuid),
  private.move_experiment(uuid, text, integer, uuid),
  private.rollback_variant(uuid, text, integer, text, uuid)
to authenticated, service_role;

grant execute on function
  public.create_experiment(jsonb, uuid),
  public.edit_experiment(uuid, integer, jsonb, uuid),
  public.fork_experiment(uuid, text, text, uuid),
  public.experiment_document(uuid, uuid),
  public.experiment_ancestry(uuid, uuid),
  public.experiment_checklist(uuid, uuid),
  private.experiment_checklist(uuid, uuid),
  private.create_experiment(jsonb, uuid),
  private.edit_experiment(uuid, integer, jsonb, uuid),
  private.fork_experiment(uuid, text, text, uuid),
  private.read_experiment(uuid, uuid),
  private.experiment_ancestry(uuid, uuid),
  public.create_experiment_from_template(text, jsonb, uuid),
  public.save_as_template(uuid, text, text, text, uuid),
  private.create_experiment_from_template(text, jsonb, uuid),
  private.save_as_template(uuid, text, text, text, uuid),
  -- Called by triggers that run with the writer's rights.
  private.hold_draft(uuid)
to authenticated, service_role;

-- ==== policies/90_execute/layers.sql

grant execute on function
  public.set_holdout(text, integer, integer, text, uuid),
  private.set_holdout(text, integer, integer, text, uuid)
to authenticated, service_role;

-- ==== policies/90_execute/people.sql

grant execute on function
  private.api_key(), private.actor_kind(), private.actor_id(), private.request_id(), private.my_rooms(),
  private.require_person(), private.require_environment(uuid), private.key_environments(), private.require_caller(), private.roles_within(text), private.my_permissions()
to authenticated, service_role;

grant execute on function
  public.create_api_key(text, text[], text[], timestamptz, uuid),
  public.rotate_api_key(uuid, text, integer, uuid), public.revoke_api_key(uuid, uuid),
  private.create_api_key(text, text[], text[], timestamptz, uuid),
  private.rotate_api_key(uuid, text, integer, uuid), private.revoke_api_key(uuid, uuid)
to authenticated, service_role;

grant execute on function
  public.invite_member(text, text, integer, uuid), public.accept_invitation(text, uuid),
  public.revoke_invitation(uuid, uuid), public.my_invitations(),
  private.invite_member(text, text, integer, uuid), private.accept_invitation(text, uuid),
  private.revoke_invitation(uuid, uuid), private.my_invitations()
to authenticated, service_role;

grant execute on function
  public.change_role(uuid, text, text, uuid), public.remove_member(uuid, boolean, uuid),
  public.leave_workspace(uuid), public.transfer_ownership(uuid, uuid),
  private.change_role(uuid, text, text, uuid), private.remove_member(uuid, boolean, uuid),
  private.leave_workspace(uuid), private.transfer_ownership(uuid, uuid)
to authenticated, service_role;

grant execute on function
  public.create_role(text, text, text[], uuid), public.update_role(text, text, text[], uuid),
  public.delete_role(text, uuid), private.save_role(text, text, text[], boolean, uuid), private.delete_role(text, uuid)
to authenticated, service_role;

revoke all on public.member_directory from public, anon, authenticated, service_role;
grant select on public.member_directory to authenticated, service_role;
grant execute on function private.directory() to authenticated, service_role;

-- ==== policies/90_execute/prompts.sql

grant execute on function
  public.create_prompt(text, text, text, text, uuid),
  public.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  private.commit_version(uuid, text, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  public.tag_version(uuid, text, uuid, text, uuid),
  private.tag_version(uuid, text, uuid, text, uuid),
  public.untag(uuid, text, uuid, text, uuid),
  private.untag(uuid, text, uuid, text, uuid),
  public.create_branch(uuid, text, uuid, text, uuid),
  private.create_branch(uuid, text, uuid, text, uuid),
  public.rename_branch(uuid, text, text, uuid),
  private.rename_branch(uuid, text, text, uuid),
  public.delete_branch(uuid, text, uuid, boolean, uuid),
  private.delete_branch(uuid, text, uuid, boolean, uuid),
  public.version_log(uuid, text, integer, integer, uuid),
  private.version_log(uuid, text, integer, integer, uuid),
  public.diff_versions(uuid, uuid, uuid),
  private.diff_versions(uuid, uuid, uuid),
  public.merge_branch(uuid, text, text, uuid, uuid, jsonb, text, uuid),
  private.merge_branch(uuid, text, text, uuid, uuid, jsonb, text, uuid),
  public.fork_prompt(text, text, uuid, uuid, text, text, text, uuid),
  private.fork_prompt(text, text, uuid, uuid, text, text, text, uuid),
  public.render_version(uuid, jsonb, uuid),
  private.render_version(uuid, jsonb, uuid),
  public.render_template_version(uuid, jsonb, uuid),
  private.render_template_version(uuid, jsonb, uuid),
  public.commit_template_version(uuid, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  private.commit_template_version(uuid, jsonb, jsonb, text, text, jsonb, jsonb, jsonb, text, uuid, uuid),
  public.create_version_from_template(uuid, uuid, text, jsonb, text, text, jsonb, text, uuid, uuid),
  private.create_version_from_template(uuid, uuid, text, jsonb, text, text, jsonb, text, uuid, uuid),
  public.lineage_of(uuid, uuid),
  private.lineage_of(uuid, uuid),
  public.create_prompt_template(text, text, text, uuid),
  private.bundle_hash(jsonb, jsonb, text, text, jsonb, jsonb, jsonb)
to authenticated, service_role;

revoke all on public.version_lineage from public, anon, authenticated, service_role;
grant select on public.version_lineage to authenticated, service_role;

-- ==== policies/90_execute/provider_keys.sql

grant execute on function
  public.set_provider_key(text, text, text, uuid), private.set_provider_key(text, text, text, uuid),
  public.test_provider_key(text, uuid), private.test_provider_key(text, uuid),
  public.delete_provider_key(text, boolean, uuid), private.delete_provider_key(text, boolean, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.provider_key_v1(uuid, text), private.provider_key(uuid, text),
  public.record_provider_key_test_v1(uuid, text, timestamptz, text),
  private.record_provider_key_test(uuid, text, timestamptz, text)
to service_role;

-- ==== policies/90_execute/ramps.sql

revoke all on public.ramp_guardrails from public, anon, authenticated, service_role;
grant select on public.ramp_guardrails to authenticated, service_role;

grant execute on function
  public.start_ramp(text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid),
  public.advance_ramp(uuid, integer, boolean, text, uuid),
  public.abort_ramp(uuid, integer, text, uuid),
  private.start_ramp(text, text, uuid, uuid, text, text, numeric[], jsonb, interval, integer, text, text, uuid),
  private.advance_ramp(uuid, integer, boolean, text, uuid),
  private.abort_ramp(uuid, integer, text, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function public.tick_ramps_v1(integer), private.tick_ramps(integer) to service_role;

-- ==== policies/90_execute/results.sql

-- Views run with their reader's rights, so the reader needs every view on the way; the policies decide on rows.
revoke all on
  public.experiment_arms, public.experiment_health, public.experiment_effects,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons,
  private.comparison_subjects, private.comparison_cells, private.phase_cuts
from public, anon, authenticated, service_role;
grant select on
  public.experiment_arms, public.experiment_health, public.experiment_effects,
  private.phase_arms, private.placed_outcomes, private.unit_outcomes, private.comparisons,
  private.comparison_subjects, private.comparison_cells, private.phase_cuts
to authenticated, service_role;
grant execute on function private.fold_of(public.outcome_metrics) to authenticated, service_role;
grant execute on function private.moments_of(uuid) to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.store_result_v1(uuid, text, text, timestamptz, jsonb, jsonb, text, text, uuid, uuid, uuid, uuid),
  private.store_result(jsonb)
to service_role;

-- ==== policies/90_execute/runs.sql

grant execute on function
  public.create_run(uuid[], uuid[], integer, text, uuid), private.create_run(uuid[], uuid[], integer, text, uuid)
to authenticated, service_role;

-- The worker alone.
grant execute on function
  public.claim_jobs_v1(text, integer, integer), public.extend_job_v1(bigint, integer),
  public.complete_job_v1(bigint), public.fail_job_v1(bigint, text, text, integer),
  public.run_work_v1(uuid, jsonb), public.record_run_results_v1(uuid, jsonb),
  private.claim_jobs(integer, integer), private.extend_job(bigint, integer),
  private.complete_job(bigint), private.fail_job(bigint, text, text, integer),
  private.run_work(uuid, jsonb), private.record_run_results(uuid, jsonb), private.bundle(public.prompt_versions)
to service_role;

-- ==== policies/90_execute/workspaces.sql

-- The verbs, and the definers behind them: those check the caller's permission themselves.
grant execute on function public.create_workspace(text, text), private.create_workspace(text, text)
to authenticated, service_role;

-- ==== sql/60_realtime/hint_topics.sql

-- The one list of what is announced where: the triggers, frontend_contract/channels.md and their tests read it.
create or replace view private.hint_topics with (security_invoker = true) as
select rule.table_name, rule.topic, rule.topic_column, rule.events, rule.occasion
from (values
  ('workspaces', 'workspace', 'id', array['update'], 'the workspace was renamed'),
  ('members', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'somebody joined, left or got another role'),
  ('members', 'user', 'user_id', array['insert', 'update', 'delete'], 'you joined, left or got another role'),
  ('roles', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the roles changed'),
  ('role_permissions', 'workspace', 'workspace_id', array['insert', 'delete'], 'what a role may do changed'),
  ('environments', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the environments changed'),
  ('capabilities', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the capabilities changed'),
  ('actions', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the actions changed'),
  ('intents', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the intents changed'),
  ('outcome_metrics', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the metrics changed'),
  ('provider_keys', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'a provider''s key was stored or removed'),
  ('prompts', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'a prompt was made or renamed'),
  ('prompts', 'prompt', 'id', array['update', 'delete'], 'the prompt was renamed'),
  ('prompt_versions', 'workspace', 'workspace_id', array['insert'], 'a version was committed'),
  ('prompt_versions', 'prompt', 'prompt_id', array['insert'], 'a version was committed'),
  ('branches', 'prompt', 'prompt_id', array['insert', 'update', 'delete'], 'a branch was made, removed, or its head moved'),
  ('test_cases', 'prompt', 'prompt_id', array['insert', 'update', 'delete'], 'the saved cases changed'),
  ('experiments', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'an experiment was drafted, edited or moved'),
  ('experiments', 'experiment', 'id', array['update', 'delete'], 'the experiment was edited or moved; carries its revision'),
  ('experiment_actions', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its actions changed'),
  ('experiment_intents', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its intents changed'),
  ('experiment_metrics', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its metrics changed'),
  ('variants', 'experiment', 'experiment_id', array['insert', 'update', 'delete'], 'its arms changed, or one was rolled back'),
  ('experiment_phases', 'experiment', 'experiment_id', array['insert'], 'a new phase began'),
  ('experiment_results', 'experiment', 'experiment_id', array['insert'], 'a worker stored a result of the experiment'),
  ('results', 'experiment', 'experiment_id', array[]::text[],
    'outcomes that it counts were recorded, or it got new subjects or inferences: at most one a second for these'),
  ('deployments', 'workspace', 'workspace_id', array['insert'], 'a version was published or rolled back'),
  ('changes', 'workspace', 'workspace_id', array['insert'], 'the ledger has a new row'),
  ('api_keys', 'workspace', 'workspace_id', array['insert', 'update'], 'an API key was made, rotated or revoked'),
  ('invitations', 'workspace', 'workspace_id', array['insert', 'update'], 'somebody was invited, or an invitation was settled'),
  ('tags', 'prompt', 'prompt_id', array['insert', 'update', 'delete'], 'a tag was set, moved or removed'),
  ('prompt_templates', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'a template was made or changed'),
  ('prompt_template_versions', 'workspace', 'workspace_id', array['insert'], 'a version of a template was committed'),
  ('experiment_templates', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'a template of experiments was made or changed'),
  ('layers', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'the layers changed'),
  ('holdouts', 'workspace', 'workspace_id', array['insert'], 'the holdout of an environment changed'),
  ('ramps', 'workspace', 'workspace_id', array['insert', 'update'], 'a ramp began, went a step further or ended; carries its revision'),
  ('ramps', 'experiment', 'experiment_id', array['insert', 'update'], 'the ramp that the experiment belongs to moved'),
  ('approval_rules', 'workspace', 'workspace_id', array['insert', 'update', 'delete'], 'what needs a review changed'),
  ('approval_requests', 'workspace', 'workspace_id', array['insert', 'update'], 'a review was asked for, given, or made void'),
  ('approval_requests', 'experiment', 'experiment_id', array['insert', 'update'], 'a review of the experiment was asked for, given, or made void'),
  ('approval_reviews', 'workspace', 'workspace_id', array['insert'], 'somebody approved or rejected'),
  ('comments', 'workspace', 'workspace_id', array['insert', 'update'], 'somebody commented, or a thread was settled'),
  ('comments', 'experiment', 'object_id', array['insert', 'update'], 'a comment on the experiment'),
  ('comments', 'prompt', 'object_id', array['insert', 'update'], 'a comment on the prompt'),
  ('comments', 'run', 'object_id', array['insert', 'update'], 'a comment on the run'),
  ('notifications', 'user', 'user_id', array['insert', 'update', 'delete'], 'you have news, or read some'),
  ('notification_preferences', 'user', 'user_id', array['insert', 'update', 'delete'], 'you changed what reaches you'),
  ('notification_mutes', 'user', 'user_id', array['insert', 'update', 'delete'], 'you muted a thing, or hear of it again'),
  ('runs', 'workspace', 'workspace_id', array['insert', 'update'], 'a run was queued, went on or ended'),
  ('runs', 'run', 'id', array['update'], 'the run went on or ended'),
  ('run_results', 'run', 'run_id', array['insert'], 'calls of the run have results')
) as rule (table_name, topic, topic_column, events, occasion);

comment on view private.hint_topics is E'One row per kind of change and topic that hears of it: table, topic, the column with the topic''s id, events, occasion.\nA column object_id counts for rows whose object_kind is the topic. A row without events has its own triggers in result_hints.sql.';

-- ==== sql/60_realtime/hints.sql

-- A message is a hint that something changed, never the thing itself: who gets it reads again.
-- Statements note what they changed; when the transaction commits, each topic is told once, of all of it.
create unlogged table private.hints (
  tx xid8 not null default pg_current_xact_id(),
  topic text not null,
  kind text not null,
  ids uuid[],
  revision integer,
  primary key (tx, topic, kind)
);

comment on table private.hints is 'What a transaction changed so far, by topic; sent and deleted when it commits.';
comment on column private.hints.tx is 'The transaction.';
comment on column private.hints.topic is 'Whom to tell.';
comment on column private.hints.kind is 'The table that changed, or results.';
comment on column private.hints.ids is 'The rows, at most 51 of them; null when they have no id of their own.';
comment on column private.hints.revision is 'The revision of the row, where it has one.';

alter table private.hints enable row level security;

create or replace function private.note_hint(topic text, kind text, ids uuid[], revision integer default null) returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into private.hints as h (topic, kind, ids, revision)
  values (note_hint.topic, note_hint.kind, note_hint.ids[1:51], note_hint.revision)
  on conflict on constraint hints_pkey do update set
    ids = case when h.ids is not null and excluded.ids is not null then
      array(select distinct i from unnest(h.ids || excluded.ids) i order by i limit 51) end,
    revision = greatest(h.revision, excluded.revision);
end
$$;

comment on function private.note_hint(text, text, uuid[], integer) is 'Remembers until the commit that a topic is to be told.';

create or replace function private.hint_entry(noted private.hints) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
begin
  return jsonb_build_object(
      'kind', noted.kind, 'ids', case when cardinality(noted.ids) <= 50 then to_jsonb(noted.ids) end)
    || case when cardinality(noted.ids) = 1 and noted.revision is not null
      then jsonb_build_object('revision', noted.revision) else '{}' end;
end
$$;

comment on function private.hint_entry(private.hints) is
'One entry of a message: kind, ids (null: too many, or none of their own), revision if it is one row that has one.';

create or replace function private.tg_hints__send() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  said jsonb;
begin
  with taken as (
    delete from private.hints h where h.tx = new.tx and h.topic = new.topic returning h
  )
  select jsonb_agg(private.hint_entry(t.h) order by (t.h).kind) into said from taken t;
  if said is not null then
    perform realtime.send(jsonb_build_object('changed', said), 'changed', new.topic, true);
  end if;
  return null;
end
$$;

comment on function private.tg_hints__send() is
E'At the commit: one message to a topic, of everything that the transaction changed there.\nDefiner: realtime.send writes with its caller''s rights, and no user may send here.';

create constraint trigger _900_send after insert on private.hints
  deferrable initially deferred for each row execute function private.tg_hints__send();

create or replace function private.tg_hint() returns trigger
language plpgsql security definer
set search_path = ''
set plan_cache_mode = 'force_generic_plan'
as $$
begin
  perform private.note_hint(x.topic, tg_table_name, x.ids, x.revision)
  from (
    select rule.topic || ':' || case
        when rule.topic_column <> 'object_id' or r.line ->> 'object_kind' = rule.topic then r.line ->> rule.topic_column
      end as topic,
      max((r.line ->> 'revision')::integer) as revision,
      case when bool_and(r.line ? 'id') then (array_agg((r.line ->> 'id')::uuid order by r.line ->> 'id'))[1:51] end as ids
    from private.hint_topics rule
    cross join (select to_jsonb(f) as line from fresh f) r
    where rule.table_name = tg_table_name and lower(tg_op) = any (rule.events)
    group by 1
  ) as x
  -- In one order, and nothing for a row without the topic's id.
  where x.topic is not null
  order by x.topic;
  return null;
end
$$;

comment on function private.tg_hint() is
E'Notes for each topic of the table which rows a statement changed.\nDefiner: the notes are closed to the API''s roles.';

do $$
declare
  wanted record;
begin
  for wanted in
    select distinct h.table_name, e.event from private.hint_topics h cross join unnest(h.events) as e (event)
    order by h.table_name, e.event
  loop
    execute format(
      'create or replace trigger _900_hint_%1$s after %1$s on public.%2$I referencing %3$s table as fresh
        for each statement execute function private.tg_hint()',
      wanted.event, wanted.table_name, case wanted.event when 'delete' then 'old' else 'new' end);
  end loop;
end
$$;

-- ==== sql/60_realtime/result_hints.sql

-- Results move with every call of the product: their hints are thinned, and take the shortest road.
create table private.hint_clock (
  experiment_id uuid primary key,
  workspace_id uuid not null
    constraint hint_clock_workspace_id_fkey references public.workspaces (id) on delete cascade,
  sent_at timestamptz not null,
  constraint hint_clock_experiment_id_fkey foreign key (workspace_id, experiment_id)
    references public.experiments (workspace_id, id) on delete cascade
);

create index hint_clock_workspace_id on private.hint_clock (workspace_id, experiment_id);

comment on table private.hint_clock is 'When an experiment''s last hint of new subjects was sent: at most one a second.';
comment on column private.hint_clock.experiment_id is 'The experiment.';
comment on column private.hint_clock.workspace_id is 'The workspace.';
comment on column private.hint_clock.sent_at is 'When.';

alter table private.hint_clock enable row level security;

create or replace function private.hint_subjects(workspace_id uuid, experiment_id uuid) returns void
language plpgsql security definer
set search_path = ''
as $$
#variable_conflict use_variable
begin
  -- Only the caller who moves the clock sends: a busy experiment costs everyone else one index read.
  if not exists (
    select from private.hint_clock c
    where c.experiment_id = experiment_id and c.sent_at > clock_timestamp() - interval '1 second'
  ) then
    insert into private.hint_clock as c (experiment_id, workspace_id, sent_at)
    values (experiment_id, workspace_id, clock_timestamp())
    on conflict on constraint hint_clock_pkey do update set sent_at = excluded.sent_at
      where c.sent_at < excluded.sent_at - interval '1 second';
    if found then
      perform private.note_hint('experiment:' || experiment_id, 'results', array[experiment_id]);
    end if;
  end if;
end
$$;

comment on function private.hint_subjects(uuid, uuid) is
E'Tells an experiment''s channel of new subjects, at most once a second.\nDefiner: as tg_hint.';

create or replace function private.tg_outcomes__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.note_hint('experiment:' || e.id, 'results', array[e.id])
  from public.experiments e
  where e.state in ('active', 'paused') and exists (
    select from fresh o
    join public.experiment_metrics m on m.metric_id = o.metric_id and m.experiment_id = e.id
    where o.workspace_id = e.workspace_id and o.environment_id = e.environment_id);
  return null;
end
$$;

comment on function private.tg_outcomes__hint() is
E'One hint per experiment that counts any of the new outcomes.\nDefiner: as tg_hint.';

create or replace trigger _900_hint after insert on public.outcomes
  referencing new table as fresh for each statement execute function private.tg_outcomes__hint();

create or replace function private.tg_subjects__hint() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform private.hint_subjects(x.workspace_id, x.experiment_id)
  from (
    -- In one order, so that two batches never wait for each other.
    select distinct f.workspace_id, f.experiment_id from fresh f where f.experiment_id is not null
    order by f.workspace_id, f.experiment_id
  ) as x;
  return null;
end
$$;

comment on function private.tg_subjects__hint() is
E'A hint per experiment that got new subjects or inferences, at most once a second.\nDefiner: as tg_hint.';

create or replace trigger _900_hint after insert on public.assignments
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();
create or replace trigger _900_hint after insert on public.inferences
  referencing new table as fresh for each statement execute function private.tg_subjects__hint();

-- ==== sql/60_realtime/topics.sql

create or replace function private.may_hear(topic text) returns boolean
language sql stable security definer
set search_path = ''
begin atomic
  select case
    -- The spelling must be exact: a topic that looks alike is another topic.
    when asked.id is null or topic <> asked.noun || ':' || asked.id then false
    else coalesce(case asked.noun
      when 'user' then asked.id = auth.uid()
      else (case asked.noun
        when 'workspace' then asked.id
        when 'experiment' then (select e.workspace_id from public.experiments e where e.id = asked.id)
        when 'prompt' then (select p.workspace_id from public.prompts p where p.id = asked.id)
        when 'run' then (select r.workspace_id from public.runs r where r.id = asked.id)
      end) in (select w from private.my_workspaces() w)
    end, false)
  end
  from (select split_part(topic, ':', 1), private.as_uuid(split_part(topic, ':', 2))) as asked (noun, id);
end;

comment on function private.may_hear(text) is
E'True when a topic is the caller''s own, or of a workspace that they are a member of.\nDefiner: Realtime asks before any table can be read.';

-- This folder comes after policies/90_execute: what it made is closed here.
revoke execute on all functions in schema private from public, anon;
grant execute on function private.may_hear(text) to authenticated;

create policy messages_select_member on realtime.messages for select to authenticated
  using (extension in ('broadcast', 'presence') and (select private.may_hear((select realtime.topic()))));

notify pgrst, 'reload schema';

-- ==== sql/70_gate/enter.sql

-- PostgREST calls gate.enter() at the start of every request, as the role that the token stands for. A request with
-- a good key in x-upshot-key goes on as `authenticated` without a user: what it may do, the predicates ask of the key.
create or replace function gate.note_use(api_key public.api_keys) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  -- At most one write a minute and key, never a wait, and nothing in a transaction that cannot write (GET).
  if current_setting('transaction_read_only')::boolean or exists (
    select from public.api_key_uses u
    where u.workspace_id = api_key.workspace_id and u.api_key_id = api_key.id
      and u.last_used_at > clock_timestamp() - interval '1 minute'
  ) then
    return;
  end if;
  if pg_try_advisory_xact_lock(hashtextextended('upshot.api_key_uses ' || api_key.id, 0)) then
    insert into public.api_key_uses (api_key_id, workspace_id, last_used_at)
    values (api_key.id, api_key.workspace_id, clock_timestamp())
    on conflict (workspace_id, api_key_id) do update set last_used_at = excluded.last_used_at;
  end if;
end
$$;

comment on function gate.note_use(public.api_keys) is 'Notes that a key is in use, at most once a minute.';

create or replace function gate.admit(secret text) returns uuid
language plpgsql security definer
set search_path = ''
as $$
declare
  hash constant text := private.secret_hash(secret);
  admitted public.api_keys;
begin
  if current_setting('role') <> 'anon' or auth.uid() is not null then
    perform private.fail('key_and_session');
  end if;
  perform set_config('upshot.api_key', hash, true);
  admitted := private.api_key();
  if admitted.id is null then
    perform private.fail('bad_api_key');
  end if;
  perform gate.note_use(admitted);
  return admitted.id;
end
$$;

comment on function gate.admit(text) is
E'Lets the request go on as the API key that the secret opens; raises for any other.\nDefiner: anon sees neither keys nor hashes.';

create or replace function gate.enter() returns void
language plpgsql
set search_path = ''
as $$
declare
  secret constant text := nullif(current_setting('request.headers', true), '')::json ->> 'x-upshot-key';
begin
  -- Whatever an earlier request may have left on this connection does not speak for this one.
  perform set_config('upshot.api_key', '', true);
  if secret is not null then
    perform gate.admit(secret);
    perform set_config('role', 'authenticated', true);
  end if;
end
$$;

comment on function gate.enter() is
'What PostgREST calls before each request: turns the header x-upshot-key into an identity; without it, nothing.';

revoke execute on all functions in schema gate from public, anon, authenticated, service_role;
grant usage on schema gate to anon, authenticated, service_role;
grant execute on function gate.enter(), gate.admit(text) to anon, authenticated, service_role;

-- The setting belongs to this database where the project allows it, else to the role, as Supabase documents it.
do $$
begin
  execute format('alter role authenticator in database %I set pgrst.db_pre_request = %L', current_database(), 'gate.enter');
exception when insufficient_privilege then
  begin
    alter role authenticator set pgrst.db_pre_request = 'gate.enter';
  exception when insufficient_privilege then
    raise warning 'API keys are off: set db-pre-request of PostgREST to gate.enter yourself.';
  end;
end
$$;

notify pgrst, 'reload config';
notify pgrst, 'reload schema';

-- ==== sql/70_gate/hook.sql

-- What Auth calls when it makes an access token. The claim is for screens: which workspaces to offer, what to grey out.
-- Nothing here trusts it: every policy and verb reads the tables, so that who is removed is out at once.
create or replace function gate.custom_access_token_hook(event jsonb) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
declare
  roles constant jsonb := (
    select jsonb_object_agg(m.workspace_id, m.role)
    from (
      select mine.workspace_id, mine.role from public.members mine
      where mine.user_id = private.as_uuid(event ->> 'user_id')
      order by mine.created_at, mine.workspace_id limit 50
    ) as m);
begin
  return jsonb_set(event, '{claims,upshot}', jsonb_build_object('workspaces', coalesce(roles, '{}')));
end
$$;

comment on function gate.custom_access_token_hook(jsonb) is
E'Adds the claim upshot.workspaces to access tokens: {workspace id: role}, fifty at most. For screens, never for rights.\nDefiner: Auth''s role sees no table of ours.';

revoke execute on function gate.custom_access_token_hook(jsonb) from public, anon, authenticated, service_role;
grant usage on schema gate to supabase_auth_admin;
grant execute on function gate.custom_access_token_hook(jsonb) to supabase_auth_admin;

-- ==== sql/80_contract/graphql.sql

-- GraphQL is pg_graphql's reflection of the tables, with the same grants and policies. Its names come from directives in
-- comments; they are added only where the extension is, as HTML comments that OpenAPI's readers do not show.
create or replace function private.graphql_type(relation text) returns text
language sql immutable
set search_path = ''
return replace(initcap(replace(
  case
    when relation ~ 'ies$' then regexp_replace(relation, 'ies$', 'y')
    when relation ~ '(ch|sh|x|ss)es$' then regexp_replace(relation, 'es$', '')
    else regexp_replace(relation, '([^s])s$', '\1')
  end, '_', ' ')), ' ', '');

comment on function private.graphql_type(text) is 'The name of one row: prompt_versions become PromptVersion.';

create or replace function private.graphql_field(name text) returns text
language sql immutable
set search_path = ''
return lower(left(name, 1)) || substr(replace(initcap(replace(name, '_', ' ')), ' ', ''), 2);

comment on function private.graphql_field(text) is 'The name of a field: prompt_version becomes promptVersion.';

create or replace view private.graphql_links with (security_invoker = true) as
select k.oid, k.conrelid::regclass as relation, k.conname as name, s.relname as source, t.relname as target,
  regexp_replace((
    -- The column that names the row itself, not its workspace.
    select a.attname from unnest(k.conkey, k.confkey) with ordinality as c (own, other, n)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.own
    join pg_attribute f on f.attrelid = k.confrelid and f.attnum = c.other
    order by f.attname = 'id' desc, c.n desc limit 1), '_id$', '') as role,
  count(*) over (partition by k.conrelid, k.confrelid) as siblings
from pg_constraint k
join pg_class s on s.oid = k.conrelid
join pg_class t on t.oid = k.confrelid
where k.contype = 'f' and s.relnamespace = 'public'::regnamespace and t.relnamespace = 'public'::regnamespace;

comment on view private.graphql_links is
'One row per foreign key between public tables: what the row that it points at is called, and how many keys join the two.';

create or replace view private.graphql_directives with (security_invoker = true) as
select 'schema' as kind, 'public' as object, null::text as relation, '{"inflect_names": true}'::jsonb as directive
union all
select 'table', c.oid::regclass::text, null,
  jsonb_build_object('name', private.graphql_type(c.relname), 'totalCount', '{"enabled": true}'::jsonb)
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
union all
select 'view', c.oid::regclass::text, null, jsonb_build_object(
  'name', private.graphql_type(c.relname), 'primary_key_columns', to_jsonb(v.columns), 'totalCount', '{"enabled": true}'::jsonb)
from (values
  ('live_deployments', array['deployment_id']),
  ('experiment_effects', array['experiment_id', 'variant_id', 'metric_id']),
  ('experiment_arms', array['experiment_id', 'variant_id']),
  ('experiment_health', array['experiment_id']),
  ('ramp_guardrails', array['ramp_id', 'metric_id'])) as v (name, columns)
join pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = v.name and c.relkind = 'v'
union all
select 'constraint', l.name, l.relation::text, jsonb_build_object(
  'foreign_name', private.graphql_field(l.role),
  'local_name', private.graphql_field(l.source) || case when l.siblings > 1
    then 'By' || replace(initcap(replace(l.role, '_', ' ')), ' ', '') else '' end)
from private.graphql_links l;

comment on view private.graphql_directives is 'One row per object whose comment tells pg_graphql a name: kind, object, its table for a constraint, directive.';

create or replace function private.with_directive(said text, directive jsonb) returns text
language sql immutable
set search_path = ''
-- The last of the comment: pg_graphql reads from @graphql( to the last closing parenthesis.
return rtrim(regexp_replace(coalesce(said, ''), E'<!-- @graphql\\(.*$', ''), E' \n') || format(E'\n\n<!-- @graphql(%s) -->', directive);

comment on function private.with_directive(text, jsonb) is 'A comment with a directive at its end, in place of an older one.';

create or replace function private.describe_for_graphql() returns void
language plpgsql
set search_path = ''
as $$
declare
  rule record;
  said text;
begin
  for rule in select d.* from private.graphql_directives d loop
    said := case rule.kind
      when 'schema' then obj_description('public'::regnamespace, 'pg_namespace')
      when 'constraint' then (select obj_description(l.oid, 'pg_constraint') from private.graphql_links l
        where l.name = rule.object and l.relation::text = rule.relation)
      else obj_description(rule.object::regclass, 'pg_class')
    end;
    execute format('comment on %s %s %s is %L', rule.kind,
      case when rule.kind in ('schema', 'constraint') then quote_ident(rule.object) else rule.object end,
      coalesce('on ' || rule.relation, ''), private.with_directive(said, rule.directive));
  end loop;
end
$$;

comment on function private.describe_for_graphql() is
'Writes pg_graphql''s names into the comments. Call it after switching GraphQL on by hand; calling it again changes nothing.';

revoke execute on function private.graphql_type(text), private.graphql_field(text), private.with_directive(text, jsonb),
  private.describe_for_graphql() from public, anon;

do $$
begin
  if exists (select from pg_available_extensions e where e.name = 'pg_graphql') then
    create extension if not exists pg_graphql;
    perform private.describe_for_graphql();
  end if;
exception
  when insufficient_privilege or object_not_in_prerequisite_state or feature_not_supported then
    raise notice 'GraphQL stays off: %', sqlerrm;
end
$$;

-- ==== sql/80_contract/guide.sql

-- PostgREST publishes the comment of the exposed schema as the title and the description of its OpenAPI document: whoever
-- reads that page needs no other. tests/contract/guide/test_guide.py makes the calls below, as they stand here.
do $do$
declare
  guide constant text := $guide$Upshot
Which change moved your customers' outcome? Your product asks `decide` what to run for a customer, makes the model call, and reports what came of it. Upshot keeps every version of a prompt, assigns customers to the arms of experiments, says which arm moved the outcome and by how much, and rolls back at once.

This page is enough to create, activate, read and roll back an experiment. Each call below works as it stands: in the order given, with what earlier answers said put in place of `$NAMES`. Every table and verb is described further down.

## How to call

| header | value |
|---|---|
| `apikey` | the project's publishable key, always |
| `Authorization` | `Bearer <access token>` of a signed-in user, or |
| `x-upshot-key` | an API key of Upshot: for servers, instead of a user's token |
| `Content-Type` | `application/json` |
| `Prefer` | `return=representation`, to get back the rows that you insert |

Verbs are `POST /rpc/<verb>` with their arguments as one JSON object. Tables are read by `GET /<table>?<column>=eq.<value>&select=…&order=…` and, where your role may, written by `POST`, `PATCH` and `DELETE`: every table lists these methods, and its description says when only a verb writes it. `workspace_id` may be left out of a verb while you can reach one workspace only; a row that you insert names it. A row of another workspace, or of a kind that you may not read, does not exist for you: 404, or an empty list.

Every verb can be sent again after a lost answer: it is idempotent, or it names what it believes is there (`expected_version`, `expected_revision`) and is refused with 409 when that is no longer so.

## The life of an experiment

**1. A workspace and a key for your server**, as a signed-in user.

```http
POST /rpc/create_workspace
{"name": "Northside Clinic", "slug": "northside-guide"}
```

Keep `workspace_id` as `$WORKSPACE`. Calling it again returns the same one.

```http
POST /rpc/create_api_key
{"workspace_id": "$WORKSPACE", "name": "booking server", "permissions": ["workspace.read", "catalog.write", "metrics.write", "prompts.write", "experiments.write", "experiments.activate", "deployments.publish", "deployments.rollback", "decisions.make", "events.write"]}
```

Keep `secret` as `$KEY`; it is shown this once. All calls from here on may carry `x-upshot-key: $KEY` instead of the user's token.

**2. What your product does, and what counts.** A capability is a goal that it reaches for its users; a metric is what the business counts.

```http
POST /capabilities
{"workspace_id": "$WORKSPACE", "key": "BookAppointment", "name": "Book an appointment"}
```

```http
POST /outcome_metrics
{"workspace_id": "$WORKSPACE", "key": "booked", "name": "Booked", "kind": "proportion", "direction": "increase", "when_absent": "zero"}
```

**3. A prompt with two versions.** A version is immutable and holds everything that changes what the model does.

```http
POST /rpc/create_prompt
{"key": "booking", "name": "Booking", "capability": "BookAppointment"}
```

Keep `id` as `$PROMPT`.

```http
POST /rpc/commit_version
{"prompt_id": "$PROMPT", "messages": [{"role": "system", "content": "You book appointments at {{clinic}}."}], "variables": {"clinic": {"type": "string"}}, "provider": "openai", "model": "gpt-4.1-mini", "params": {"temperature": 0.2}, "message": "First version"}
```

Keep `id` as `$FIRST`.

```http
POST /rpc/commit_version
{"prompt_id": "$PROMPT", "messages": [{"role": "system", "content": "You book appointments at {{clinic}}. Offer two times, then ask which suits."}], "variables": {"clinic": {"type": "string"}}, "provider": "openai", "model": "gpt-4.1-mini", "params": {"temperature": 0.2}, "message": "Offer two times"}
```

Keep `id` as `$SECOND`.

**4. Make the first version live.** `expected_version` says what you believe is live now; left out, that nothing is.

```http
POST /rpc/publish
{"environment": "production", "capability": "BookAppointment", "version_id": "$FIRST", "reason": "Go live"}
```

**5. Create the experiment** as one document. Versions are ids, or names such as `booking@main`.

```http
POST /rpc/create_experiment
{"document": {"key": "two-times", "name": "Offer two times", "hypothesis": "A choice of two times makes more people book.", "environment": "production", "capability": "BookAppointment", "metrics": [{"metric": "booked", "role": "primary"}], "variants": [{"key": "control", "name": "As it was", "is_control": true, "versions": {"*": "$FIRST"}}, {"key": "two_times", "name": "Two times", "versions": {"*": "$SECOND"}}]}}
```

Keep `experiment_id` as `$EXPERIMENT` and `revision` as `$REVISION`. The revision counts every change.

**6. Activate it.** A 422 `experiment_incomplete` says what is missing; where the workspace asks for reviews, 403 `approval_required` says so.

```http
POST /rpc/activate
{"experiment_id": "$EXPERIMENT", "expected_revision": $REVISION}
```

Keep `revision` as `$REVISION`.

**7. Decide, call, report.** For every customer (here `customer-1`), each time that the product is about to call the model:

```http
POST /rpc/decide
{"environment": "production", "capability": "BookAppointment", "subject": "customer-1"}
```

Keep `version.id` as `$VERSION`. `bundle` holds the messages, the model and the parameters to call it with. A customer keeps the arm, and the exposure is logged in the same transaction. After the model's answer, with an id that you make (`$NEW_ID`, a uuid) and the time (`$NOW`, ISO 8601 with its zone):

```http
POST /rpc/record_inferences
{"inferences": [{"id": "$NEW_ID", "environment": "production", "capability": "BookAppointment", "subject": "customer-1", "version_id": "$VERSION", "provider": "openai", "requested_model": "gpt-4.1-mini", "started_at": "$NOW", "latency_ms": 640, "status": "ok"}]}
```

When the outcome is known, then or days later, by the customer, the conversation, the inference or a business key:

```http
POST /rpc/record_outcomes
{"outcomes": [{"metric": "booked", "value": true, "environment": "production", "subject": "customer-1", "source": "crm", "source_event_id": "booking-of-customer-1", "occurred_at": "$NOW"}]}
```

Both take up to 10,000 rows and answer `{accepted, duplicates, errors}`: good rows land, and each other row has its error by index.

**8. Read the effect.** One row for each arm against the control and each metric: `difference` between `ci_low` and `ci_high`, of `n_control` and `n_variant` customers, with a `verdict`; where there is none yet, `reason_code` says why.

```http
GET /experiment_effects?experiment_id=eq.$EXPERIMENT
```

`experiment_health` says whether each arm got its share of customers: look there before you believe an effect.

**9. Roll back.** An arm that does harm is stopped alone; its customers get the control from the next `decide` on, and what was measured stays.

```http
POST /rpc/rollback_variant
{"experiment_id": "$EXPERIMENT", "variant": "two_times", "expected_revision": $REVISION, "reason": "Confuses people"}
```

Keep `revision` as `$REVISION`.

```http
POST /rpc/archive
{"experiment_id": "$EXPERIMENT", "expected_revision": $REVISION}
```

A winner is published like any version, and a deployment is rolled back by naming the version that you believe is live:

```http
POST /rpc/publish
{"environment": "production", "capability": "BookAppointment", "version_id": "$SECOND", "expected_version": "$FIRST", "reason": "More bookings"}
```

```http
POST /rpc/rollback
{"environment": "production", "capability": "BookAppointment", "expected_version": "$SECOND", "reason": "Double bookings"}
```

The next `decide` anywhere returns the first version. `GET /changes?order=occurred_at.desc` is the ledger of all of it.

## Errors

What Postgres and PostgREST refuse by themselves has a code of theirs, and often no hint:

| HTTP | code | what it means |
|---|---|---|
| 401, 403 | `42501` | You may not do this here: nobody is signed in, you hold no permission for it, or the row that you insert names no `workspace_id` of yours. |
| 400 | `23502`, `23514`, `22P02` | A column is missing, or its value is not allowed: the constraint that is named ends in `_shape`, `_known` or `_range`, and the column's description says what it takes. |
| 400 | `PGRST204`, `42703` | There is no such column. |
| 404 | `PGRST202` | The verb has no such arguments: one is misspelt, or a required one is missing. |
| 409 | `23503`, `23505` | What the row names is not there, or something still uses it; there is such a row already. |

All else is Upshot's own: `{"code", "message", "details", "hint"}`: show `message`, do what `hint` says, and decide by the `code` inside `details` (JSON as text), which never changes its meaning. Words in braces are filled in.

| HTTP | code | message | hint |
|---|---|---|---|
$guide$;
  permissions constant text := $permissions$

## Permissions

What a role in `/role_permissions` may hold. Who lacks one is told its name by `permission_denied`.

| permission | allows | may an API key hold it? |
|---|---|---|
$permissions$;
begin
  execute format('comment on schema public is %L', guide || (
    select string_agg(format('| %s | `%s` | %s | %s |', substr(e.sqlstate, 3), e.code, e.message, e.hint), E'\n'
      order by e.sqlstate, e.code)
    from private.errors e) || permissions || (
    select string_agg(format('| `%s` | %s | %s |', p.key, p.description, case when p.is_personal then 'no' else 'yes' end),
      E'\n' order by p.key)
    from public.permissions p) || E'\n');
exception
  -- Who does not own the schema cannot describe it; everything else works without.
  when insufficient_privilege then
    raise notice 'The schema public belongs to somebody else: the OpenAPI document has no guide.';
end
$do$;
